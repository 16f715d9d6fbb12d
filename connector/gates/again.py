"""A verdict made again from what it was made from: by the same policy to prove it, by another to compare."""

from dataclasses import replace
from datetime import datetime

from connector.capacity.board import Board
from connector.capacity.memory import remembered
from connector.context import Context
from connector.directory import Directory
from connector.gates.assess import assess
from connector.inputs import Inputs
from connector.policy.exchange import quoted
from connector.policy.model import Mode, Policy
from connector.standing import Standing
from connector.verdicts import Verdict


def again(
    inputs: Inputs,
    policy: Policy,
    directory: Directory,
    board: Board | None = None,
    *,
    way_out: bool = True,
) -> Verdict:
    """Assess the deal once more as it was then. `directory` joins the policy's people with the account's
    users: who may be asked is not kept with the deal. `board`: other capacity than what was said that day."""
    hours = remembered(inputs.hours, inputs.deal.id) if board is None else board
    context = replace(_context(inputs, directory), board=hours)
    return assess(inputs.deal, quoted(policy, inputs.quotes), context, inputs.at, way_out=way_out)


def under(
    inputs: Inputs,
    standing: Standing,
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    board: Board | None = None,
) -> Verdict:
    """Assess the deal as it would stand the moment this policy is published: nobody touched it since, and a
    gate that is newly on is new to it, too. `standing` is its record now."""
    on = [gate.id for gate in policy.gates if gate.modes != {Mode.OBSERVE}]
    live = {gate: inputs.live_since.get(gate, now) for gate in on}
    quiet = replace(inputs, standing=standing, live_since=live, quiet_until=now, at=now, hours=None)
    return again(quiet, policy, directory, board, way_out=False)


def _context(inputs: Inputs, directory: Directory) -> Context:
    return Context(
        account="",
        pipelines={inputs.pipeline.id: inputs.pipeline},
        directory=directory,
        standing=inputs.standing,
        history=inputs.history,
        live_since=inputs.live_since,
        quiet_until=inputs.quiet_until,
        observe_only=inputs.observe_only,
        flag_only=inputs.flag_only,
        absences=inputs.absences,
        quotes=inputs.quotes,
    )
