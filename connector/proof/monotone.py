"""Authority is monotone: in each chain a worse deal never needs less."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from connector.policy.model import Role, Row, Ruling
from connector.policy.tables import read
from connector.proof.boxes import Box, Budget, corner, meet, uncovered
from connector.proof.faults import Fault, Kind
from connector.proof.space import Space
from connector.proof.witness import witness

_NEVER = 1 << 30  # forbidden stands above every level of every chain


def less_for_worse(space: Space, budget: Budget) -> Iterator[Fault]:
    """Yield rows that ask of a deal more than others ask of a worse one."""
    told: set[tuple[str, str]] = set()
    for name in _chains(space):
        for fault in _in_chain(name, space, budget):
            pair = (fault.rows[0].id, fault.rows[1].id)
            if pair not in told:
                told.add(pair)
                yield fault


def _chains(space: Space) -> list[str | None]:
    deciding = (row for row, _ in space.rows if row.ruling is Ruling.SIGN_OFF and not row.attest)
    roles = (role for row in deciding for role in row.roles)
    named = dict.fromkeys(space.roles[role].chain for role in roles if role in space.roles)
    return [*named] or [None]


def rung(row: Row, name: str | None, roles: Mapping[str, Role]) -> int:
    """Return how high the row reaches in a chain: 0 where nobody of it has to sign. To state a fact or to be
    able to stop a deal is no authority."""
    if row.ruling is Ruling.FORBIDDEN:
        return _NEVER
    if row.ruling is not Ruling.SIGN_OFF or row.attest:
        return 0
    asked = (roles[role] for role in row.roles if role in roles)
    return max((role.level for role in asked if role.chain == name), default=0)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A row that a chain has to sign, the deals that are as bad as its own or worse, and the rows that ask
    as much of the chain."""

    row: Row
    box: Box
    worse: Box
    as_high: tuple[Box, ...]


def _in_chain(name: str | None, space: Space, budget: Budget) -> Iterator[Fault]:
    rungs = {row.id: rung(row, name, space.roles) for row, _ in space.rows}
    for row, box in space.rows:
        level = rungs[row.id]
        lower = [(one, other) for one, other in space.rows if rungs[one.id] < level]
        as_high = tuple(other for one, other in space.rows if rungs[one.id] >= level)
        asking = _Asking(row, box, space.as_bad(box), as_high)
        if lower and uncovered(asking.worse, as_high, budget, apart=space.apart) is not None:
            yield from _faults(asking, lower, space, budget)


def _faults(
    asking: _Asking, lower: Iterable[tuple[Row, Box]], space: Space, budget: Budget
) -> Iterator[Fault]:
    for row, box in lower:
        both = meet(asking.worse, box)
        bad = uncovered(both, asking.as_high, budget, apart=space.apart) if both is not None else None
        if bad is None:
            continue
        there, near = corner(bad), space.no_worse(asking.box, corner(bad))
        if all(_answered(point, space) for point in (there, near)):  # else rows contradict, which is told
            worse, milder = witness(space, bad, beside=near), witness(space, near, beside=there)
            yield Fault(Kind.LESS, space.matrix, (row, asking.row), worse, milder)


def _answered(point: Box, space: Space) -> bool:
    return read(space.matrix, space.values(point), space.currency, space.roles, space.factors).safe
