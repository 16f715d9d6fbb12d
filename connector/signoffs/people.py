"""Who may sign: role, then holder, then delegate. Whoever owns the deal or asks for it never does.

Each right to sign is a `Seat`: it says in whose name, and by what. All of it is as it is at `ground.now`.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from connector.checks.derived import currency_of
from connector.directory import Directory
from connector.policy.model import OWNER_MANAGER, Delegation, Policy, Role
from connector.signoffs.ground import Ground, requester
from connector.signoffs.hours import today
from connector.standing import FINAL, Authority, Right, Signoff


class Seat(NamedTuple):
    """A person's right to sign for a role. `here`: not out of office today."""

    person: str
    authority: Authority
    here: bool = True


class Bar(StrEnum):
    """Why a person never signs for this deal, whatever role he holds."""

    OWNER = "owner"
    REQUESTER = "requester"
    STANDS_IN = "stands-in-for-one-of-them"


def holders(role: Role, owner: str | None, directory: Directory) -> tuple[str, ...]:
    """Return the role's person ids in the order in which they are asked; `owner` is the CRM's owner id."""
    return _expanded(role.holders, owner, directory)


def seats(role: Role, ground: Ground, *, own: bool = False) -> tuple[Seat, ...]:
    """Return who may sign for the role in the order in which they are asked: each holder, or in his absence
    his delegates first; then the backups, and the last resort, where none of these is there. `own`: it is a
    fact that the deal's owner may state."""
    barred: Mapping[str, Bar] = {} if own else bars(ground)
    first = tuple(_seated(role.holders, role, Right.HOLDER, ground, barred))
    if any(seat.here for seat in first):
        return first
    behind = (*first, *_seated(role.backups, role, Right.BACKUP, ground, barred))
    if any(seat.here for seat in behind):
        return behind
    last = next((one for one in ground.policy.roles.values() if one.last_resort), None)
    if last is None or last.id == role.id:
        return behind
    return (*behind, *_seated(last.holders, role, Right.LAST_RESORT, ground, barred))


def eligible(role: Role, ground: Ground, *, own: bool = False) -> tuple[str, ...]:
    """Return the people to ask, best first: those who are there, else those who may sign but are away; before
    them, where it is `own`, the deal's owner."""
    found = seats(role, ground, own=own)
    there = [seat.person for seat in found if seat.here]
    able = there or [seat.person for seat in found]
    if own:
        owner = ground.context.directory.by_owner.get(ground.deal.owner or "")
        able = sorted(able, key=lambda one: one != owner)
    return _with_queues(role, tuple(dict.fromkeys(able)), ground)


def _with_queues(role: Role, people: tuple[str, ...], ground: Ground) -> tuple[str, ...]:
    """Put a queue in the place of its members: the task is the queue's, and whoever takes it answers."""
    directory = ground.context.directory
    queues = [name for name in role.holders if name in directory.queues] if directory.queues else []
    if not queues:
        return people
    named = [name for name in role.holders if name not in queues]
    own = set(_named(named, ground))
    able = [name for name in queues if set(directory.members.get(name, ())).intersection(people)]
    waiting = {person for name in able for person in directory.members[name]} - own
    ordered = [name for name in role.holders if name in able]
    first = [person for person in people if person in own]
    rest = [person for person in people if person not in own and person not in waiting]
    return (*first, *ordered, *rest)


def anybody_here(role: Role, ground: Ground) -> bool:
    """Say whether anybody who may sign for the role is not away today."""
    return any(seat.here for seat in seats(role, ground))


def seats_for(person: str, signoff: Signoff, ground: Ground) -> tuple[Seat, ...]:
    """Return the person's rights to answer this request, best first: by the highest role of its chain, in his
    own name before another's; whoever was asked keeps the right by which he was, while he is eligible."""
    role = ground.policy.roles.get(signoff.role)
    if role is None:
        return ()
    found = [
        (one.level, seat.authority.right is Right.HOLDER, seat)
        for one in upwards(role, ground.policy)
        for seat in seats(one, ground, own=signoff.own)
        if seat.person == person
    ]
    if found:
        ordered = sorted(found, key=lambda one: one[:2], reverse=True)
        return tuple(seat for _, _, seat in ordered)
    kept = _as_asked(person, signoff, role, ground)
    return () if kept is None else (kept,)


def _as_asked(person: str, signoff: Signoff, role: Role, ground: Ground) -> Seat | None:
    """Keep the right of a backup or last resort who was asked, though the holder is back meanwhile."""
    if person not in signoff.asked or not _may(person, ground, bars(ground)):
        return None
    backups = _named(role.backups, ground)
    last = [
        name
        for one in ground.policy.roles.values()
        if one.last_resort
        for name in _named(one.holders, ground)
    ]
    right = Right.BACKUP if person in backups else Right.LAST_RESORT if person in last else None
    return None if right is None else Seat(person, Authority(role.id, person, right))


def bars(ground: Ground) -> Mapping[str, Bar]:
    """Return who never signs for this deal: its owner, whoever asks for it, and who stands in for them."""
    owner = ground.context.directory.by_owner.get(ground.deal.owner or "")
    on_record = [one.requested_by for one in ground.context.standing.signoffs if one.state not in FINAL]
    asking = (requester(ground), *on_record)
    found = {person: Bar.REQUESTER for person in asking if person is not None}
    if owner is not None:
        found[owner] = Bar.OWNER
    for person in tuple(found):
        for one in _delegations(person, None, ground):
            found.setdefault(one.to, Bar.STANDS_IN)
    return found


def upwards(role: Role, policy: Policy) -> Iterable[Role]:
    """Yield the role and those above it in its chain: each may decide what it may."""
    for other in policy.roles.values():
        if other.chain == role.chain and other.level >= role.level:
            yield other


def next_above(role: Role, policy: Policy) -> Role | None:
    """Return the role one level up its chain, None at the top."""
    above = [one for one in upwards(role, policy) if one.level > role.level]
    return min(above, key=lambda one: one.level, default=None)


def reach(signoff: Signoff, role: Role, ground: Ground) -> int:
    """Return the level at which the sign-off was decided: by the authority on record, the role's at least."""
    if signoff.authority is not None:
        used = ground.policy.roles.get(signoff.authority.role)
        return max(role.level, used.level if used is not None and used.chain == role.chain else 0)
    owner, directory = ground.deal.owner, ground.context.directory
    held = (
        one.level
        for one in upwards(role, ground.policy)
        if signoff.decided_by in holders(one, owner, directory)
    )
    return max(held, default=role.level)


def _seated(
    names: Iterable[str], role: Role, right: Right, ground: Ground, barred: Collection[str]
) -> Iterable[Seat]:
    """Yield the right of each holder who is there, and of the delegates of each; before an absent holder
    come those who stand in for him."""
    for name in _named(names, ground):
        away = is_away(name, ground)
        own = Seat(name, Authority(role.id, name, right), here=not away)
        if not away and _may(name, ground, barred):
            yield own
        for one in _delegations(name, role, ground):
            if _may(one.to, ground, barred) and not is_away(one.to, ground):
                yield Seat(one.to, Authority(role.id, name, Right.DELEGATE, one.since, one.until))
        if away and _may(name, ground, barred):
            yield own


def _may(person: str, ground: Ground, barred: Collection[str]) -> bool:
    return ground.context.directory.reachable(person) and person not in barred


def is_away(person: str, ground: Ground) -> bool:
    """Say whether the person is out of office today, where he lives."""
    if not ground.context.absences:
        return False
    day = today(person, ground.policy, ground.now)
    return any(one.person == person and one.since <= day <= one.until for one in ground.context.absences)


def _delegations(giver: str, role: Role | None, ground: Ground) -> Iterable[Delegation]:
    """Yield what the person gave away for today and this deal. What was delegated is never passed on."""
    if not (ground.policy.delegations or ground.context.absences):
        return
    day = today(giver, ground.policy, ground.now)
    for one in ground.policy.delegations:
        if one.giver == giver and one.since <= day <= one.until and _covers(one, role, ground):
            yield one
    for away in ground.context.absences:
        if away.person == giver and away.to is not None and away.since <= day <= away.until:
            yield Delegation(giver, away.to, away.since, away.until)


def _covers(one: Delegation, role: Role | None, ground: Ground) -> bool:
    if role is None:
        return True
    here = {ground.pipeline.id, ground.pipeline.label}
    return (not one.roles or role.id in one.roles) and (not one.pipelines or bool(one.pipelines & here)) and (
        one.up_to is None or _small_enough(one.up_to, one.currency, ground)
    )  # fmt: skip


def _small_enough(most: Decimal, currency: str | None, ground: Ground) -> bool:
    amount = ground.facts.get("amount")
    same = currency == currency_of(ground.deal, ground.policy)
    return same and isinstance(amount, Decimal) and amount <= most


def _named(names: Iterable[str], ground: Ground) -> tuple[str, ...]:
    return _expanded(names, ground.deal.owner, ground.context.directory)


def _expanded(names: Iterable[str], owner: str | None, directory: Directory) -> tuple[str, ...]:
    return tuple(dict.fromkeys([person for name in names for person in _holder(name, owner, directory)]))


def _holder(name: str, owner: str | None, directory: Directory) -> tuple[str, ...]:
    if name == OWNER_MANAGER:
        person = directory.by_owner.get(owner) if owner else None
        manager = directory.people[person].manager if person else None
        return (manager,) if manager else ()
    if ":" in name:
        return directory.members.get(name, ())
    return (name,)
