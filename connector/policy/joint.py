"""Whether there are people enough for what a deal needs signed: who of the able signs for which chain.

A matching of signatures and people (H. W. Kuhn, 1955): the first of each role that is free, and where that
leaves a role without anybody, the others make room.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice

from connector.policy.clauses import Group
from connector.policy.model import Role

_MOST_TRIED = 200  # ways to leave out roles that others may sign for: rows that people write have a few


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one chain has to sign: its `role`, by `count` different people out of `able`, best first. `groups`
    are the rows that want other chains too; without `must` it is enough that others of them sign."""

    role: Role
    able: tuple[str, ...]
    count: int = 1
    groups: tuple[Group, ...] = ()
    must: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What rows or findings ask of one chain: `role` is the highest that they name; `own`: it is enough that
    the deal's owner signs. `groups` and `must` as in `Wanted`."""

    role: Role
    groups: tuple[Group, ...] = ()
    must: bool = True
    own: bool = False


def summed(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Return what all of this comes to for one deal, once for each chain: its highest role signs (design
    1.11), in any case where one cannot do without it, and the owner only where he may for each of them."""
    chains: dict[str, list[Asked]] = {}
    for one in asked:
        chains.setdefault(one.role.chain, []).append(one)
    return tuple(named[0] if len(named) == 1 else _summed(named) for named in chains.values())


def _summed(named: Iterable[Asked]) -> Asked:
    ordered = sorted(named, key=lambda one: -one.role.level)
    return Asked(
        ordered[0].role,
        tuple({group.id: group for one in ordered for group in one.groups}.values()),
        must=any(one.must for one in ordered),
        own=all(one.own for one in ordered),
    )


def families(wanted: Iterable[Wanted]) -> list[list[Wanted]]:
    """Put together what rows join: whoever signs for one of a family signs for no other of it."""
    found: list[list[Wanted]] = []
    for one in wanted:
        mine = {group.id for group in one.groups}
        near = [each for each in found if mine & {group.id for other in each for group in other.groups}]
        found = [each for each in found if each not in near]
        found.append([*chain.from_iterable(near), one])
    return found


def seated(family: Sequence[Wanted], signed: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return who signs, by role: nobody for two of the family, and first those whom nobody can do without.
    `signed` are the chains that have signed already."""
    if len(family) == 1:  # nobody to make room for
        return {one.role.id: one.able[: one.count] for one in family}
    found = _matched(family)
    if not lacking(family, found, signed):
        return found
    others = (_matched(kept) for kept in _fewer(family))
    able = (one for one in others if not lacking(family, one, signed))
    return next(able, found)


def lacking(
    family: Iterable[Wanted], found: Mapping[str, Sequence[str]], signed: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the roles without people enough that nobody can do without: where others of the row are enough,
    none is missed."""
    wanted = tuple(family)
    short = [one for one in wanted if len(found.get(one.role.id, ())) < one.count]
    there = {*signed, *(one.role.chain for one in wanted if one not in short)}
    return tuple(one.role.id for one in short if one.must or not _enough(one.groups, there))


def _enough(joint: Iterable[Group], there: Collection[str]) -> bool:
    """Say whether these chains are as many as each of the rows wants."""
    return all(
        len({*there} & {*row.chains}) >= (len(row.chains) if row.quorum is None else row.quorum)
        for row in joint
    )


def _fewer(family: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """Yield the family without some of those that others may sign for, the fewest first."""
    spare = [one for one in family if not one.must]
    left_out = chain.from_iterable(combinations(spare, size) for size in range(1, len(spare) + 1))
    for out in islice(left_out, _MOST_TRIED):
        yield [one for one in family if one not in out]


def _matched(family: Sequence[Wanted]) -> dict[str, tuple[str, ...]]:
    ordered = sorted(family, key=lambda one: not one.must)
    seats = [one for one in ordered for _ in range(one.count)]
    sitting: dict[str, int] = {}

    def place(seat: int, tried: set[str]) -> bool:
        for name in seats[seat].able:
            if name in tried:
                continue
            tried.add(name)
            if name not in sitting or place(sitting[name], tried):
                sitting[name] = seat
                return True
        return False

    for seat in range(len(seats)):
        place(seat, set())
    return {
        one.role.id: tuple(name for name in one.able if name in sitting and seats[sitting[name]] == one)
        for one in family
    }
