"""Whether rows that match one deal find people enough: for any owner, different people where rows want
several chains. What they come to, and who sits where, is the engine's own: `policy.clauses` and `joint`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connector import values
from connector.policy.clauses import groups
from connector.policy.joint import Asked, Wanted, families, lacking, seated, summed
from connector.policy.model import OWNER_MANAGER, Found, Person, Policy, Role, Row, Ruling

_FOUND = tuple(kind.named("") for kind in Found)


@dataclass(frozen=True, slots=True)
class Short:
    """The id of an owner, None of any, beside whom there are too few, what is said of it, and the chains that
    they would have to sign."""

    owner: str | None
    said: str
    chains: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seats:
    """Who of a role signs a deal, and how many of them."""

    people: frozenset[str]
    count: int


def asked(rows: Iterable[Row], policy: Policy) -> tuple[Asked, ...]:
    """Return what these rows, of whatever matrices of one gate, want signed: a chain by its highest role."""
    return summed(one for row in rows if row.ruling is Ruling.SIGN_OFF for one in _of_row(row, policy))


def _of_row(row: Row, policy: Policy) -> Iterator[Asked]:
    for name in row.roles:
        if name in policy.roles:
            role = policy.roles[name]
            joint, must = ((), True) if row.attest else groups((row,), role.chain, policy.roles)
            yield Asked(role, joint, must, own=row.own)


class Signing:
    """Who signs beside each owner under one policy, worked out once for each role and owner."""

    __slots__ = ("_able", "_last", "_policy", "_sellers")

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._last = [one.holders for one in policy.roles.values() if one.last_resort]
        self._sellers = [one for one in policy.people.values() if one.manager]
        self._able: dict[tuple[str, str | None, bool], tuple[str, ...] | None] = {}

    def short(self, wanted: Iterable[Asked]) -> Iterator[Short]:
        """Yield owners beside whom there are too few for what is asked together."""
        known = tuple(wanted)
        for owner in self.owners(one.role for one in known):
            for family in families(self._wanted(one, owner) for one in known):
                if lacking(family, seated(family)):
                    yield self._said([one.role for one in family], owner)

    def nobody_stops(self, role: Role) -> Iterator[Short]:
        """Yield owners beside whom nobody is left to use the role's right to stop a deal."""
        one = Asked(role)
        for owner in self.owners((role,)):
            if self._asked_of(one, owner) == ():
                yield self._said([role], owner)

    def seats(self, roles: Iterable[Role], owner: Person | None) -> dict[str, Seats]:
        """Return who signs for each of the roles beside the owner."""
        found = {one.id: self._wanted(Asked(one), owner) for one in roles}
        return {name: Seats(frozenset(one.able), one.count) for name, one in found.items()}

    def _wanted(self, asked: Asked, owner: Person | None) -> Wanted:
        """Return who signs. Queues, teams and the manager of an owner whom nobody knows are looked up in the
        CRM: such a role is taken for filled, by people who hold no other."""
        count = asked.role.needs or max(1, len(tuple(_but(owner, asked.role.holders, own=asked.own))))
        able = self._asked_of(asked, owner)
        if able is None:
            able = tuple(f"{asked.role.id}:{place}" for place in range(count))
        return Wanted(asked.role, able, count, asked.groups, asked.must)

    def owners(self, roles: Iterable[Role]) -> Iterator[Person | None]:
        """Yield nobody, and one owner of each kind that makes a difference. Owners are those who report to
        somebody: who reports to nobody sells nothing."""
        yield None
        named = ((*one.holders, *one.backups) for one in roles)
        held = {name for names in (*named, *self._last) for name in names}
        seen: set[tuple[str | None, str | None]] = set()
        for person in self._sellers:
            manager = person.manager if OWNER_MANAGER in held else None
            kind = (person.id if person.id in held else None, manager)
            if kind != (None, None) and kind not in seen:
                seen.add(kind)
                yield person

    def _asked_of(self, asked: Asked, owner: Person | None) -> tuple[str, ...] | None:
        """Return who is asked for the role: its holders, else its backups, else the last resort; None where
        they are looked up."""
        key = asked.role.id, owner.id if owner else None, asked.own
        if key not in self._able:
            self._able[key] = self._first_there(asked, owner)
        return self._able[key]

    def _first_there(self, asked: Asked, owner: Person | None) -> tuple[str, ...] | None:
        for names in (asked.role.holders, asked.role.backups, *self._last):
            if any(is_looked_up(name, owner) for name in names):
                return None
            able = tuple(_but(owner, names, own=asked.own))
            if able:
                return able
        return ()

    def _said(self, roles: list[Role], owner: Person | None) -> Short:
        known = self._policy.people
        names = dict.fromkeys(name for role in roles for name in (*role.holders, *role.backups))
        people = [known[name].name if name in known else name for name in names]
        held = values.listing(["the owner's manager" if name == OWNER_MANAGER else name for name in people])
        labels = values.listing([_several(role) for role in roles])
        deal = f"a deal that {owner.name} owns" if owner else "a deal"
        said = f"{deal} needs {labels}, held by {held or 'nobody'}"
        return Short(owner.id if owner else None, said, frozenset(role.chain for role in roles))


def _but(owner: Person | None, names: Iterable[str], *, own: bool) -> Iterator[str]:
    """Yield the people that the names stand for, the owner only where the deal is `own` to state."""
    held = (owner.manager if owner and name == OWNER_MANAGER else name for name in names)
    for name in dict.fromkeys(held):
        if name is not None and (own or owner is None or name != owner.id):
            yield name


def is_looked_up(name: str, owner: Person | None) -> bool:
    """Say whether only the CRM knows whom this holder stands for."""
    return name.startswith(_FOUND) or (owner is None and name == OWNER_MANAGER)


def _several(role: Role) -> str:
    """Name the role, and how many of it have to sign where it is not one."""
    count = "all of them" if role.needs is None else f"{role.needs} people"
    return role.label if role.needs == 1 else f"{role.label} ({count})"
