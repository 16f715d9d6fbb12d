"""Choose whom to ask: as many as the role needs, different people where one row wants several functions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from connector.policy.joint import Wanted, families, lacking, seated
from connector.policy.model import Role
from connector.signoffs.cover import Settled
from connector.signoffs.ground import Ground
from connector.signoffs.people import bars, eligible, holders


@dataclass(frozen=True, slots=True)
class Chosen:
    """The people to ask, by role. `missing`: roles for which there are not enough."""

    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


NOBODY = Chosen()


def choose(settled: Sequence[Settled], ground: Ground) -> Chosen:
    """Return whom to ask for the open demands of one gate."""
    signed = {one.demand.role.chain for one in settled if one.approval is not None}
    people: dict[str, tuple[str, ...]] = {}
    missing: list[str] = []
    for family in families(_wanted(one, ground) for one in settled if one.open):
        taken = signed_for(settled, {group.id for one in family for group in one.groups})
        free = [_without(taken, one) for one in family] if taken else family
        found = seated(free, signed)
        people |= found
        missing += lacking(free, found, signed)
    return Chosen(people, tuple(missing))


def _without(taken: Collection[str], one: Wanted) -> Wanted:
    return replace(one, able=tuple(name for name in one.able if name not in taken))


def _wanted(one: Settled, ground: Ground) -> Wanted:
    asked = one.demand.asked
    able, count = eligible(asked.role, ground, own=asked.own), signers(asked.role, ground, own=asked.own)
    return Wanted(asked.role, able, count, asked.groups, asked.must)


def signers(role: Role, ground: Ground, *, own: bool = False) -> int:
    """Return how many people must sign for a role; where it says all, all of its holders who may sign for
    this deal, one at least."""
    if role.needs is not None:
        return role.needs
    barred = () if own else bars(ground)
    able = [one for one in holders(role, ground.deal.owner, ground.context.directory) if one not in barred]
    return max(1, len(able))


def signed_for(settled: Iterable[Settled], groups: Collection[str]) -> frozenset[str]:
    """Return who has signed for a function of these rows: for another one he does not."""
    return frozenset(
        one.approval.decided_by
        for one in settled
        if one.approval is not None
        and one.approval.decided_by is not None
        and any(group.id in groups for group in one.demand.asked.groups)
    )
