"""What deciding costs: 78,000 deals of crm_sales under a policy of 20 conditions and 30 rows, on one core.

Evidence is `authority.weigh`: which rows hold and what they come to, which inputs are unknown. The verdict is
`gates.assess` with its tree and sentence, from the deal as the CRM gives it; levers and the clear range are
left out, capacity is in no policy yet. The peers decide the same rows for the same deals, those of which all
is known, and every answer is compared with ours. The floor is what a bare look at each input costs. CPU time
of this process, ours the best of some rounds.
"""

import gc
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.assess_deals import deals, known
from benchmarks.assess_peers import Given, Peer, given, peers
from benchmarks.calls_deals import DATA
from benchmarks.support import Json, Options, options, print_json, report
from connector import authority, explain
from connector.checks.derived import derive
from connector.context import Context
from connector.deals import Deal, Pipeline, Stage, StageKind, Value
from connector.directory import CrmUser, Directory
from connector.drafts import read_draft
from connector.gates import assess
from connector.policy.model import Gate, Matrix, Policy
from connector.verdicts import Verdict
from connector.worker.run import collect_seldom
from sandbox.loaders import crm_sales

POLICY = Path(__file__).with_suffix(".yaml")
DEALS, SIDE_BY_SIDE = 78_000, 10_000
T = TypeVar("T")
_ROUNDS = 3
_NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy, its one gate, and the account in which it is read."""

    policy: Policy
    gate: Gate
    context: Context

    @property
    def matrices(self) -> tuple[Matrix, ...]:
        return tuple(self.policy.matrices[name] for name in self.gate.matrices)

    @property
    def inputs(self) -> tuple[str, ...]:
        return authority.reads(self.policy, self.gate)


@dataclass(frozen=True, slots=True)
class Weighing:
    """One deal as it is weighed by us and by the peers."""

    facts: Mapping[str, Value]
    currency: str | None
    given: Given


@dataclass(frozen=True, slots=True)
class Measured:
    """Microseconds a deal; `beside` is evidence again, for the deals that the peers decide."""

    floor: float
    evidence: float
    verdict: float
    beside: float
    peers: Mapping[str, float]


def main(asked: Options) -> None:
    """Compare all answers, measure, print a table, and the JSON where asked."""
    if not crm_sales.recognises(DATA):
        sys.exit(f"The data set crm_sales is not there: {DATA} holds no sales_pipeline.csv.")
    rules = read_rules()
    drawn = deals(DATA, DEALS)
    measured = measure(rules, drawn, SIDE_BY_SIDE, _ROUNDS * 3 if asked.full else _ROUNDS)
    report(f"{DEALS:,} deals, 20 conditions and 30 rows", ("", "us a deal"), _ours(measured))
    rows = [(name, cost, cost / measured.beside) for name, cost in measured.peers.items()]
    report(f"The same answers for {SIDE_BY_SIDE:,} deals", ("", "us a deal", "times ours"), rows)
    if asked.json:
        print_json(result(measured))


def read_rules() -> Rules:
    """Return the policy in an account where all its people are active."""
    policy = read_draft(POLICY).policy
    users = [CrmUser(str(at), str(at), one.email, one.name) for at, one in enumerate(policy.people.values())]
    kinds = {"won": StageKind.WON, "lost": StageKind.LOST}
    stages = tuple(
        Stage(one.id, one.label, kinds.get(one.id, StageKind.OPEN)) for one in crm_sales.PIPELINE.stages
    )
    pipeline = Pipeline(crm_sales.PIPELINE.id, crm_sales.PIPELINE.label, stages)
    context = Context("hubspot", {pipeline.id: pipeline}, Directory.join(policy.people, users), history=())
    return Rules(policy, policy.gates[0], context)


def measure(rules: Rules, drawn: Sequence[Deal], side_by_side: int, rounds: int) -> Measured:
    """Measure ourselves for all deals, and side by side for so many; answers that differ are an error."""
    collect_seldom()  # as every worker does
    facts = [derive(deal, rules.policy) for deal in drawn]
    gc.freeze()
    floor = _cost(lambda one: [one.get(name) for name in rules.inputs], facts, rounds)
    evidence = _cost(lambda one: authority.weigh(rules.policy, rules.gate, one, "USD"), facts, rounds)
    verdict = _cost(lambda deal: explain.tree(_verdict(deal, rules)), drawn, rounds)
    beside = [
        Weighing(read, deal.currency, given(read, rules.inputs))
        for deal, read in zip(drawn, facts, strict=True)
        if known(deal)
    ][:side_by_side]
    others = {peer.name: compared(rules, peer, beside) for peer in peers(rules.matrices)}
    mine = _cost(lambda one: _weigh(one, rules), beside, rounds)
    return Measured(floor, evidence, verdict, mine, others)


def compared(rules: Rules, peer: Peer, beside: Sequence[Weighing]) -> float:
    """Return what the peer takes a deal; an answer that is not ours ends the benchmark."""
    told: list[object] = []
    cost = _cost(lambda one: told.append(peer.decide(one.given)), beside, 1)
    for one, theirs in zip(beside, told, strict=True):
        mine = frozenset(row.id for reading in _weigh(one, rules).readings for row in reading.matched)
        if peer.ids(theirs) != mine:
            said = sorted(peer.ids(theirs))
            raise RuntimeError(f"{peer.name} says {said}, we {sorted(mine)}, of {one.given}")
    return cost


def _weigh(one: Weighing, rules: Rules) -> authority.Weighed:
    return authority.weigh(rules.policy, rules.gate, one.facts, one.currency)


def _verdict(deal: Deal, rules: Rules) -> Verdict:
    return assess(deal, rules.policy, rules.context, _NOW, way_out=False)


def result(measured: Measured) -> Json:
    """Return what machines read."""
    short = {"common-expression-language": "cel", "zen-engine": "zen", "rule-engine": "rule_engine"}
    times = {f"vs_{short[name]}": round(cost / measured.beside, 1) for name, cost in measured.peers.items()}
    return {"us_evidence": round(measured.evidence, 1), "us_verdict": round(measured.verdict, 1), **times}


def _ours(measured: Measured) -> list[tuple[str, float]]:
    return [
        ("floor: each input looked up", measured.floor),
        ("outcome with evidence", measured.evidence),
        ("verdict with tree and sentence", measured.verdict),
    ]


def _cost(work: Callable[[T], object], over: Sequence[T], rounds: int) -> float:
    """Return the microseconds of CPU time that one takes, the best of some rounds."""
    return min(_round(work, over) for _ in range(rounds))


def _round(work: Callable[[T], object], over: Sequence[T]) -> float:
    start = time.process_time()
    for one in over:
        work(one)
    return (time.process_time() - start) / len(over) * 1e6


if __name__ == "__main__":
    main(options("What deciding costs, beside three other rule engines."))
