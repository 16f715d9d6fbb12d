"""Every row that asks people can get its answer: for any owner there are holders enough beside the owner."""

from collections.abc import Iterable, Iterator
from itertools import islice

from connector.policy.model import OWNER_MANAGER, Found, Matrix, Person, Policy, Role, Row, Ruling
from connector.proof.faults import Fault, Kind, Witness

Seats = list[frozenset[str]]  # for each signature the people who may give it
_FOUND = tuple(kind.named("") for kind in Found)


def few_holders(matrix: Matrix, policy: Policy) -> Iterator[Fault]:
    """Yield rows whose signatures cannot all be given by different people who do not own the deal, each set
    of roles once. Owners are those who report to somebody: who reports to nobody sells nothing."""
    told: set[tuple[tuple[str, ...], int | None, bool]] = set()
    for row in matrix.rows:
        asked = (row.roles, row.quorum, row.own)
        if row.ruling is Ruling.SIGN_OFF and asked not in told:
            told.add(asked)
            yield from islice(_short(row, matrix, policy), 1)


def _short(row: Row, matrix: Matrix, policy: Policy) -> Iterator[Fault]:
    roles = tuple(policy.roles[name] for name in row.roles if name in policy.roles)
    owners = () if row.own else (person for person in policy.people.values() if person.manager)
    for owner in (None, *owners):
        wanted = seats(roles if row.quorum or row.in_order else _highest(roles), owner, policy)
        if taken(wanted) < (row.quorum or len(wanted)):
            witness = Witness({}, None, owner=owner.id if owner else None)
            yield Fault(Kind.FEW_HOLDERS, matrix, (row,), witness, said=said_of(roles, owner, policy))


def nobody_above(matrix: Matrix, policy: Policy) -> Iterator[Fault]:
    """Yield rows that let those above be asked too, of a role above which there is nobody else."""
    for row in matrix.rows:
        asked = (policy.roles[name] for name in row.roles if name in policy.roles)
        top = [role for role in asked if not _above(role, policy)] if row.rises is not None else []
        if top:
            labels = " and ".join(f"{role.label} (chain {role.chain})" for role in top)
            yield Fault(Kind.NOBODY_ABOVE, matrix, (row,), said=labels)


def _above(role: Role, policy: Policy) -> bool:
    """Say whether anybody stands above the role, as `signoffs.timers` looks for them: the next role of its
    chain, else the last resort, with somebody who does not hold the role himself."""
    higher = [one for one in policy.roles.values() if one.chain == role.chain and one.level > role.level]
    last = (one for one in policy.roles.values() if one.last_resort and one.id != role.id)
    above = min(higher, key=lambda one: one.level, default=None) or next(last, None)
    if above is None:
        return False
    looked_up = any(_is_looked_up(name, None) for name in above.holders)
    return looked_up or bool({*above.holders, *above.backups} - set(role.holders))


def _highest(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Return of each chain the highest role: only it is asked."""
    found: dict[str, Role] = {}
    for role in sorted(roles, key=lambda one: one.level):
        found[role.chain] = role
    return tuple(found.values())


def seats(roles: Iterable[Role], owner: Person | None, policy: Policy) -> Seats:
    """Return a seat for each signature. Queues, teams and the manager of an owner whom nobody knows are
    looked up in the CRM: a role that has one is taken for filled."""
    known = [(role, _able(role, owner, policy)) for role in roles]
    return [able for role, able in known if able is not None for _ in range(role.needs or max(1, len(able)))]


def _able(role: Role, owner: Person | None, policy: Policy) -> frozenset[str] | None:
    """Return who is asked for the role: its holders, else its backups, else the last resort."""
    last = (one.holders for one in policy.roles.values() if one.last_resort)
    for names in (role.holders, role.backups, *last):
        if any(_is_looked_up(name, owner) for name in names):
            return None
        held = {owner.manager if owner and name == OWNER_MANAGER else name for name in names}
        able = frozenset(name for name in held if name is not None and (owner is None or name != owner.id))
        if able:
            return able
    return frozenset()


def _is_looked_up(name: str, owner: Person | None) -> bool:
    return name.startswith(_FOUND) or (owner is None and name == OWNER_MANAGER)


def taken(seats: Seats) -> int:
    """Return how many seats can be taken at once, each by somebody else."""
    sitting: dict[str, int] = {}
    return sum(_seat(place, seats, sitting, set()) for place in range(len(seats)))


def _seat(place: int, seats: Seats, sitting: dict[str, int], asked: set[str]) -> bool:
    """Seat somebody, moving others on where that helps (Kuhn's matching)."""
    for person in sorted(seats[place] - asked):
        asked.add(person)
        if person not in sitting or _seat(sitting[person], seats, sitting, asked):
            sitting[person] = place
            return True
    return False


def said_of(roles: tuple[Role, ...], owner: Person | None, policy: Policy) -> str:
    people = _names((name for role in roles for name in (*role.holders, *role.backups)), policy)
    labels = " and ".join(role.label for role in roles)
    deal = f"a deal that {owner.name} owns" if owner else "a deal"
    return f"{deal} needs {labels}, held by {people or 'nobody'}"


def _names(holders: Iterable[str], policy: Policy) -> str:
    people = policy.people
    names = [people[name].name if name in people else name for name in dict.fromkeys(holders)]
    return " and ".join("the owner's manager" if name == OWNER_MANAGER else name for name in names)
