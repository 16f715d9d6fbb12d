"""Choose whom to ask: as many as the role needs, and different people where one row wants several functions.

A matching of requests and people (H. W. Kuhn, 1955): the first of each role that is free, and where that
leaves a role without anybody, the others make room.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connector.policy.model import Role
from connector.signoffs.cover import Settled
from connector.signoffs.ground import Ground
from connector.signoffs.people import eligible, holders


@dataclass(frozen=True, slots=True)
class Chosen:
    """The people to ask, by role. `missing`: roles for which there are not enough."""

    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


NOBODY = Chosen()


def choose(settled: Sequence[Settled], ground: Ground) -> Chosen:
    """Return whom to ask for the open demands of one gate."""
    wanted = [one for one in settled if one.open]
    people: dict[str, tuple[str, ...]] = {}
    missing: list[str] = []
    for together in _families(wanted):
        found = _matched(together, _signed(settled, together), ground)
        people |= found
        missing += [
            one.demand.role.id for one in together if len(found[one.demand.role.id]) < needed(one, ground)
        ]
    return Chosen(people, tuple(_hopeless(missing, wanted)))


def needed(one: Settled, ground: Ground) -> int:
    """Return how many people must sign for the role."""
    return signers(one.demand.role, ground)


def signers(role: Role, ground: Ground) -> int:
    """Return how many people must sign for a role; all of its holders where it says so, one at least."""
    if role.needs is not None:
        return role.needs
    return max(1, len(holders(role, ground.deal.owner, ground.context.directory)))


def _hopeless(missing: Sequence[str], wanted: Iterable[Settled]) -> Iterable[str]:
    """Yield the roles that nobody can do without: where others of the row are enough, none is missed."""
    able = {one.demand.role.chain for one in wanted if one.demand.role.id not in missing}
    for one in wanted:
        must = any(need.must for need in one.demand.needs)
        others = {name for group in one.demand.groups for name in group.chains} & able
        if one.demand.role.id in missing and (must or not others):
            yield one.demand.role.id


def _families(wanted: Iterable[Settled]) -> list[list[Settled]]:
    """Put together those demands that one row names: only they must find different people."""
    families: list[list[Settled]] = []
    for one in wanted:
        mine = {group.id for group in one.demand.groups}
        near = [each for each in families if mine & {g.id for other in each for g in other.demand.groups}]
        families = [each for each in families if each not in near]
        families.append([*(other for each in near for other in each), one])
    return families


def _signed(settled: Iterable[Settled], together: Sequence[Settled]) -> frozenset[str]:
    """Return who has signed for another function of the same rows."""
    groups = {group.id for one in together for group in one.demand.groups}
    return frozenset(
        one.approval.decided_by
        for one in settled
        if one.approval is not None
        and one.approval.decided_by is not None
        and groups & {group.id for group in one.demand.groups}
    )


def _matched(
    together: Sequence[Settled], taken: frozenset[str], ground: Ground
) -> dict[str, tuple[str, ...]]:
    able = {
        one.demand.role.id: [
            name for name in eligible(one.demand.role, ground, own=one.demand.own) if name not in taken
        ]
        for one in together
    }
    if len(together) == 1:  # nobody to make room for
        return {role: tuple(names[: needed(together[0], ground)]) for role, names in able.items()}
    seats = [one.demand.role.id for one in together for _ in range(needed(one, ground))]
    seated: dict[str, int] = {}

    def place(seat: int, tried: set[str]) -> bool:
        for name in able[seats[seat]]:
            if name in tried:
                continue
            tried.add(name)
            if name not in seated or place(seated[name], tried):
                seated[name] = seat
                return True
        return False

    for seat in range(len(seats)):
        place(seat, set())
    return {
        role: tuple(name for name in able[role] if name in seated and seats[seated[name]] == role)
        for role in able
    }
