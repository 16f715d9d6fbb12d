"""Real deals from a file, held against two versions of a policy as if each came to every gate of its pipeline
now, and nobody had decided anything."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from connector.backtest.crossing import Crossing, World
from connector.backtest.trial import Ruled, Trial
from connector.boards import Boards
from connector.capacity.board import Board
from connector.commands.csv_lines import Line, deal_in, lines_in, owners_in, tell_strangers
from connector.deals import Pipeline
from connector.directory import Directory
from connector.gates.examples import pipeline_of
from connector.policy.model import Mode, Policy
from connector.signoffs.hours import local
from connector.versions.answer import Answer, Kind
from connector.versions.at_gate import stricter
from connector.versions.effect import Effect, changed

_NEEDED = ("deal",)


def compared_in(
    file: Path, before: Policy, after: Policy, now: datetime, boards: Boards | None = None
) -> Effect:
    """Return what the deals of a CSV file would be answered otherwise: a line for each, its columns named by
    the policy's words; `boards`: of the account whose capacity plan they are held against. Raise
    ConfigurationError with the line of what cannot be read."""
    lines = tuple(lines_in(file, _NEEDED))
    tell_strangers(lines, before, after)
    sides = [_Side(one, lines, boards.now(one, now) if boards else None) for one in (before, after)]
    found = Effect()
    turned = stricter(before, after, local(now, after.calendar).date())
    for line in lines:
        was, then = (side.rulings(line, now) for side in sides)
        holes = {rule for one in (*was, *then) if not one.decidable for rule in one.rules}
        if holes:
            found.unsure += 1
            found.holes.update(holes)
            continue
        found.deals += 1
        found.changed += changed(deal_in(line, after)[0], _answers(was), _answers(then))
        held = (one.gate for one in then if one.answer.kind is not Kind.CLEAR)
        found.modes.update((gate, one) for gate in held for one in turned.get(gate, ()))
        found.asked.update(_roles(then) - _roles(was))
        found.withdrawn.update(_roles(was) - _roles(then))
    return found


class _Side:
    """One policy with the pipelines that its gates name, and the owners of the file."""

    def __init__(self, policy: Policy, lines: tuple[Line, ...], board: Board | None) -> None:
        self.policy = policy
        known = (pipeline_of(gate, policy) for gate in policy.gates)
        self.pipelines = {one.id.casefold(): one for one in known}
        world = World(
            {one.id: one for one in self.pipelines.values()},
            Directory.join(policy.people, owners_in(lines, policy)),
        )
        self.trial = Trial(policy, world, board=board)

    def rulings(self, line: Line, now: datetime) -> tuple[Ruled, ...]:
        """Return what every gate says of the deal; of all pipelines where the file names none."""
        named = line["pipeline"]
        there = self.pipelines.values() if not named else self._named(named, line)
        return tuple(one for pipeline in there for one in self._at(line, pipeline, now))

    def _named(self, name: str, line: Line) -> tuple[Pipeline, ...]:
        found = self.pipelines.get(name.casefold())
        if found is None:
            raise line.wrong("pipeline", f"one of {', '.join(one.id for one in self.pipelines.values())}")
        return (found,)

    def _at(self, line: Line, pipeline: Pipeline, now: datetime) -> Iterator[Ruled]:
        deal, given = deal_in(line, self.policy)
        there = replace(deal, pipeline=pipeline.id, stage=pipeline.stages[-1].id)
        told = self.trial.rulings(Crossing(there, now, given=given))
        yield from (one for one in told if one.mode is not Mode.OBSERVE)


def _answers(rulings: tuple[Ruled, ...]) -> dict[str, Answer]:
    return {one.gate: one.answer for one in rulings}


def _roles(rulings: tuple[Ruled, ...]) -> set[tuple[str, str]]:
    return {(one.gate, role) for one in rulings for role in one.answer.roles}
