"""Rows that match one deal and share a role find people enough together, not only each for itself: whoever
signs for one function of a row signs for no other that is joined with it (`signoffs.choose`)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from connector.policy.model import HitPolicy, Policy, Role, Row, Ruling
from connector.policy.tables import Demand, strongest
from connector.proof.boxes import Box, Budget, meet
from connector.proof.faults import Fault, Kind
from connector.proof.holders import said_of, seats, taken
from connector.proof.space import Space
from connector.proof.witness import witness


class _Set(NamedTuple):
    """Rows, the deals that all of them match, and the place of the last."""

    rows: tuple[Row, ...]
    box: Box
    last: int


def few_together(space: Space, policy: Policy, budget: Budget) -> Iterator[Fault]:
    """Yield the smallest sets of rows of a collect matrix that ask for more people than there are."""
    if space.matrix.hit is not HitPolicy.COLLECT:
        return
    joint = [(row, box) for row, box in space.rows if _is_joint(row) and not any(_lacking((row,), policy))]
    stack = [_Set((row,), box, place) for place, (row, box) in enumerate(joint)]
    while stack:
        known = stack.pop()
        budget.spend()
        lacking = next(_lacking(known.rows, policy), None)
        if lacking is None:
            stack += _larger(known, joint)
            continue
        owner, said = lacking
        shown = replace(witness(space, known.box), owner=owner)
        yield Fault(Kind.FEW_TOGETHER, space.matrix, known.rows, shown, said=said)


def _is_joint(row: Row) -> bool:
    """Say whether the row wants all of several roles."""
    return row.ruling is Ruling.SIGN_OFF and len(row.roles) > 1 and row.quorum is None and not row.attest


def _larger(known: _Set, joint: list[tuple[Row, Box]]) -> Iterator[_Set]:
    named = {role for row in known.rows for role in row.roles}
    for place, (row, box) in enumerate(joint):
        both = meet(known.box, box) if place > known.last and named.intersection(row.roles) else None
        if both is not None:
            yield _Set((*known.rows, row), both, place)


def _lacking(rows: tuple[Row, ...], policy: Policy) -> Iterator[tuple[str | None, str]]:
    """Yield owners beside whom there are too few for what the rows ask together, and what is said of it."""
    for roles in _joined(strongest(rows, policy.roles), policy):
        for owner in (None, *(person for person in policy.people.values() if person.manager)):
            asked = seats(roles, owner, policy)
            if taken(asked) < len(asked):
                yield (owner.id if owner else None), said_of(roles, owner, policy)


def _joined(demands: Iterable[Demand], policy: Policy) -> Iterator[tuple[Role, ...]]:
    """Yield the roles of demands that rows join: only they must be signed for by different people."""
    found: list[tuple[set[str], tuple[Role, ...]]] = []
    for one in demands:
        roles: tuple[Role, ...] = () if one.stops else _known(one.role or "", policy)
        if not roles:
            continue
        rows = {row.id for row in one.rows}
        for near in [each for each in found if each[0] & rows]:
            found.remove(near)
            rows, roles = near[0] | rows, (*near[1], *roles)
        found.append((rows, roles))
    return (roles for _, roles in found)


def _known(name: str, policy: Policy) -> tuple[Role, ...]:
    return (policy.roles[name],) if name in policy.roles else ()
