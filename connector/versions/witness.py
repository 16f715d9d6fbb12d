"""Example deals that two versions of a policy answer differently, made from the limits that the rows name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connector import authority, values
from connector.deals import Value
from connector.policy.model import Field, Gate, Policy, Row
from connector.versions.answer import Answer, Direction, direction, of_needs, words
from connector.versions.cells import telling

_MOST_TRIED = 20_000

Facts = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Witness:
    """A deal made up to show a difference at one gate; `alike` more of those tried differ in the same way."""

    gate: str
    deal: Facts
    was: Answer
    now: Answer
    words: str
    direction: Direction
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Witnesses:
    """`whole` is false where there were more deals to try than the budget allows."""

    found: tuple[Witness, ...]
    tried: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Pair:
    before: Policy
    after: Policy
    was: Gate
    now: Gate

    @property
    def inputs(self) -> dict[str, Field]:
        """Return every field by which either version decides at this gate."""
        sides = ((self.before, self.was), (self.after, self.now))
        return {name: policy.fields[name] for policy, gate in sides for name in authority.reads(policy, gate)}

    @property
    def rows(self) -> tuple[Row, ...]:
        sides = ((self.before, self.was), (self.after, self.now))
        return tuple(
            row for policy, gate in sides for name in gate.matrices for row in policy.matrices[name].rows
        )


def witnesses(before: Policy, after: Policy, most: int = _MOST_TRIED) -> Witnesses:
    """Return one deal for each way in which an answer differs, gate by gate, the loosened ones first."""
    found: list[Witness] = []
    tried, whole = 0, True
    for pair in _pairs(before, after):
        budget = most - tried
        here, used = _at_gate(pair, budget)
        found += here
        tried += used
        whole = whole and used < budget
    return Witnesses(tuple(sorted(found, key=lambda one: list(Direction).index(one.direction))), tried, whole)


def _pairs(before: Policy, after: Policy) -> Iterator[_Pair]:
    old = {gate.id: gate for gate in before.gates}
    for gate in after.gates:
        if gate.id in old:
            yield _Pair(before, after, old[gate.id], gate)


def _at_gate(pair: _Pair, budget: int) -> tuple[list[Witness], int]:
    seen: dict[tuple[Answer, Answer], list[Facts]] = {}
    tried = 0
    for deal in _deals(pair):
        if tried >= budget:
            break
        tried += 1
        was, now = _answer(pair.before, pair.was, deal), _answer(pair.after, pair.now, deal)
        if was != now:
            seen.setdefault((was, now), []).append(deal)
    return [_witness(pair, was, now, deals) for (was, now), deals in seen.items()], tried


def _answer(policy: Policy, gate: Gate, deal: Facts) -> Answer:
    return of_needs(authority.needs(policy, gate, deal, policy.currency), policy.roles)


def _deals(pair: _Pair) -> Iterator[Facts]:
    """Yield deals that sit on the corners of the rows: one that a row matches, then each of its values
    changed to every telling value of that field."""
    inputs = pair.inputs
    cells = [cell for row in pair.rows for cell in row.cells]
    tells = {name: telling(cells, field) for name, field in inputs.items()}
    known: set[tuple[Value, ...]] = set()
    for row in pair.rows:
        base = {name: _fitting(row, name, tells[name]) for name in inputs}
        for deal in (base, *_varied(base, tells)):
            key = tuple(deal.values())
            if key not in known:
                known.add(key)
                yield deal


def _varied(base: Facts, tells: Mapping[str, Sequence[Value]]) -> Iterator[Facts]:
    for name, values_ in tells.items():
        yield from ({**base, name: value} for value in values_)


def _fitting(row: Row, name: str, tells: Sequence[Value]) -> Value:
    """Return the mildest telling value that the row's cell takes."""
    cell = next((one for one in row.cells if one.field == name and not one.any), None)
    return next((value for value in tells if cell is None or cell.test(value)), None)


def _witness(pair: _Pair, was: Answer, now: Answer, deals: Sequence[Facts]) -> Witness:
    deal = deals[0]
    said = describe(deal, pair.inputs, pair.after.currency)
    return Witness(
        gate=pair.now.id,
        deal=deal,
        was=was,
        now=now,
        words=f"{said}: {words(was, pair.before)} -> {words(now, pair.after)}",
        direction=direction(was, now, pair.before, pair.after),
        alike=len(deals) - 1,
    )


def describe(deal: Facts, fields: Mapping[str, Field], currency: str | None) -> str:
    """Say the values that decide: "discount 11 %, region EMEA"."""
    said = (
        f"{fields[name].label} {values.say(value, fields[name].type, currency, 2)}"
        for name, value in deal.items()
        if value is not None
    )
    return ", ".join(said) or "any deal"


def loosened(found: Iterable[Witness]) -> tuple[str, ...]:
    """Return the words of those that ask for less than before."""
    return tuple(f"{one.gate}: {one.words}" for one in found if one.direction is Direction.LOOSER)
