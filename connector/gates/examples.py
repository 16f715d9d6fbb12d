"""The policy's examples tried out: each deal goes through the real engine, and what comes out is compared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from connector.checks.derived import derive
from connector.context import Context
from connector.deals import Deal, Pipeline, Stage, Value
from connector.directory import CrmUser, Directory
from connector.gates.judge import Draft, judge
from connector.gates.place import places
from connector.policy.model import Example, Gate, Home, Mode, Policy, Ruling
from connector.policy.problems import Problem
from connector.signoffs.ground import Ground
from connector.verdicts import Need, Outcome, Readiness

_FIRST = "before the first gate"
_SILENT = frozenset({Outcome.PASS, Outcome.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Tried:
    """One example with what was found: readiness, roles asked, codes of all findings, and why."""

    example: Example
    readiness: Readiness
    roles: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    why: tuple[str, ...] = ()
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rises: frozenset[int] = frozenset()

    @property
    def wrong(self) -> str:
        """Say what is not as expected, nothing where all is."""
        return "; ".join(self._differences())

    def _differences(self) -> Iterator[str]:
        example = self.example
        if self.readiness != example.expect:
            because = f", because {' '.join(self.why)}" if self.why else ""
            yield f"expected {example.expect}, found {self.readiness}{because}"
        if example.roles is not None and self.roles != example.roles:
            yield f"expected a sign-off by {_listed(example.roles)}, found {_listed(self.roles)}"
        for key, roles in example.beside.items():
            found = self.beside.get(key, frozenset())
            if found != roles:
                yield f"expected `{key}` of {_listed(roles)}, found {_listed(found)}"
        if example.rises is not None and example.rises not in self.rises:
            asked = _listed(frozenset(map(_hours, self.rises)), "never")
            yield f"expected that those above are asked {_hours(example.rises)}, found {asked}"
        if example.codes is not None and not example.codes <= self.codes:
            missing = example.codes - self.codes
            yield f"expected the finding {_listed(missing)}, found {_listed(self.codes)}"


def run(policy: Policy, now: datetime) -> tuple[Tried, ...]:
    """Try every example of the policy. `now` counts where an example names no day of its own."""
    gates = {gate.id: gate for gate in policy.gates}
    return tuple(_tried(one, gates[one.gate], policy, now) for one in policy.examples)


def failed(policy: Policy, now: datetime) -> tuple[Problem, ...]:
    """Return a problem for each example that does not come out as it is written."""
    return tuple(_problem(one) for one in run(policy, now) if one.wrong)


def _problem(tried: Tried) -> Problem:
    file, _, line = tried.example.where.rpartition(":")
    return Problem(file, int(line or 1), f"examples.{tried.example.id}", tried.wrong)


def _listed(names: frozenset[str], none: str = "nobody") -> str:
    return ", ".join(sorted(names)) or none


def _hours(rises: int) -> str:
    return f"after {rises} working hours" if rises else "at once"


def _tried(example: Example, gate: Gate, policy: Policy, now: datetime) -> Tried:
    ground = _ground(example, gate, policy, now)
    place = next((one for one in places(ground) if one.gate.id == gate.id), None)
    if place is None:
        return Tried(example, Readiness.NOT_ASSESSED, why=("the gate is not for this deal.",))
    draft = judge(place._replace(mode=Mode.BLOCK), ground)
    return Tried(
        example,
        draft.verdict.readiness,
        frozenset(one.demand.role.id for one in draft.settled if one.open),
        frozenset(one.code for one in draft.verdict.findings),
        tuple(_why(draft)),
        {key: frozenset(_named(key, draft.verdict.needs)) for key in example.beside},
        frozenset(
            need.hours
            for need in draft.verdict.needs
            if need.ruling is Ruling.SIGN_OFF and need.hours is not None
        ),
    )


def _named(key: str, needs: Iterable[Need]) -> Iterator[str]:
    """Yield the roles that a row names under this key."""
    for need in needs:
        keys = {Ruling.VETO: "veto", Ruling.NOTIFY: "notify", Ruling.SIGN_OFF: "attest" if need.fact else ""}
        if need.role is not None and keys.get(need.ruling) == key:
            yield need.role


def _why(draft: Draft) -> Iterator[str]:
    yield from (one.whole for one in draft.verdict.findings if one.outcome not in _SILENT)
    asking = (need for need in draft.verdict.needs if need.matrix != "required-data")
    said = (f"{need.why} ({need.where})." for need in asking if need.ruling.value != "sales-decides")
    yield from dict.fromkeys(said)  # a row that names several roles is one reason


def _ground(example: Example, gate: Gate, policy: Policy, now: datetime) -> Ground:
    moment = now
    if example.today is not None:
        moment = datetime.combine(example.today, time(12), ZoneInfo(policy.calendar.zone))
    pipeline = pipeline_of(gate, policy)
    deal = _deal(example, pipeline, gate, policy)
    context = Context("example", {pipeline.id: pipeline}, everybody(policy))
    ground = Ground(deal, {}, pipeline, policy, context, moment)
    return replace(ground, facts=_facts(example, deal, policy, ground))


def _facts(example: Example, deal: Deal, policy: Policy, ground: Ground) -> Mapping[str, Value]:
    """Return what is known of the deal; computed words that the example writes down count as written."""
    computed = {name: one for name, one in example.values.items() if policy.fields[name].home is Home.DERIVED}
    return {**derive(deal, policy, ground.today), **computed}


def pipeline_of(gate: Gate, policy: Policy) -> Pipeline:
    """Return a pipeline with the stages of its gates, in the order of the file."""
    names = dict.fromkeys(
        one.stage for one in policy.gates if one.pipeline.casefold() == gate.pipeline.casefold()
    )
    stages = (Stage(_FIRST, _FIRST), *(Stage(name, name) for name in names))
    return Pipeline(gate.pipeline, gate.pipeline, stages)


def _deal(example: Example, pipeline: Pipeline, gate: Gate, policy: Policy) -> Deal:
    at = pipeline.position(gate.stage) or 1
    return Deal(
        id=example.id,
        name=example.id,
        pipeline=pipeline.id,
        stage=pipeline.stages[at - 1].id,
        owner=example.owner,
        currency=example.currency,
        values={k: v for k, v in example.values.items() if policy.fields[k].home is not Home.DERIVED},
        line_items=example.lines,
    )


def everybody(policy: Policy) -> Directory:
    """Return a directory in which every person of the policy is a user."""
    users = (CrmUser(one.id, one.id, one.email, one.name) for one in policy.people.values())
    return Directory.join(policy.people, users)
