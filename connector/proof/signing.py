"""Whether rows that match one deal find people enough: for any owner, different people where rows want
several chains. What they come to, and who sits where, is the engine's own: `policy.clauses` and `joint`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connector import values
from connector.policy.clauses import Group, groups
from connector.policy.joint import Wanted, families, lacking, seated
from connector.policy.model import OWNER_MANAGER, Found, Person, Policy, Role, Row, Ruling

_FOUND = tuple(kind.named("") for kind in Found)


@dataclass(frozen=True, slots=True)
class Asked:
    """What rows that match together come to in one chain, as `signoffs.cover.demands` has it."""

    role: Role
    groups: tuple[Group, ...] = ()
    must: bool = True
    own: bool = False


@dataclass(frozen=True, slots=True)
class Short:
    """The id of an owner, None of any, beside whom there are too few, and what is said of it."""

    owner: str | None
    said: str


def asked(rows: Iterable[Row], policy: Policy) -> tuple[Asked, ...]:
    """Return what these rows, of whatever matrices of one gate, want signed: a chain by its highest role."""
    chains: dict[str, list[tuple[Role, Row]]] = {}
    for row in rows:
        for name in row.roles if row.ruling is Ruling.SIGN_OFF else ():
            if name in policy.roles:
                chains.setdefault(policy.roles[name].chain, []).append((policy.roles[name], row))
    return tuple(_asked(name, named, policy) for name, named in chains.items())


def _asked(chain: str, named: list[tuple[Role, Row]], policy: Policy) -> Asked:
    role = max((role for role, _ in named), key=lambda one: one.level)
    joint, must = groups((row for _, row in named), chain, policy.roles)
    return Asked(role, joint, must, own=all(row.own for _, row in named))


def short(rows: Iterable[Row], policy: Policy) -> Iterator[Short]:
    """Yield owners beside whom there are too few for what the rows ask together. Queues, teams and the
    manager of an owner whom nobody knows are looked up in the CRM: such a role is taken for filled."""
    wanted = asked(rows, policy)
    for owner in _owners(wanted, policy):
        looked_up = frozenset(one.role.chain for one in wanted if _able(one, owner, policy) is None)
        found = (_wanted(one, owner, policy) for one in wanted if one.role.chain not in looked_up)
        for family in families(found):
            if lacking(family, seated(family, looked_up), looked_up):
                yield _short([one.role for one in family], owner, policy)


def nobody_stops(role: Role, policy: Policy) -> Iterator[Short]:
    """Yield owners beside whom nobody is left to use the role's right to stop a deal."""
    asked = Asked(role)
    for owner in _owners((asked,), policy):
        if _able(asked, owner, policy) == ():
            yield _short([role], owner, policy)


def _wanted(asked: Asked, owner: Person | None, policy: Policy) -> Wanted:
    holders = tuple(_but(owner, asked.role.holders, own=asked.own))
    count = asked.role.needs or max(1, len(holders))
    return Wanted(asked.role, _able(asked, owner, policy) or (), count, asked.groups, asked.must)


def _owners(asked: Iterable[Asked], policy: Policy) -> Iterator[Person | None]:
    """Yield nobody, and one owner of each kind that makes a difference. Owners are those who report to
    somebody: who reports to nobody sells nothing."""
    yield None
    last = [name for one in policy.roles.values() if one.last_resort for name in one.holders]
    held = {name for one in asked for name in (*one.role.holders, *one.role.backups, *last)}
    seen: set[tuple[str | None, str | None]] = set()
    for person in policy.people.values():
        manager = person.manager if OWNER_MANAGER in held else None
        kind = (person.id if person.id in held else None, manager)
        if person.manager and kind != (None, None) and kind not in seen:
            seen.add(kind)
            yield person


def _able(asked: Asked, owner: Person | None, policy: Policy) -> tuple[str, ...] | None:
    """Return who is asked for the role: its holders, else its backups, else the last resort; None where they
    are looked up."""
    role = asked.role
    last = (one.holders for one in policy.roles.values() if one.last_resort)
    for names in (role.holders, role.backups, *last):
        if any(is_looked_up(name, owner) for name in names):
            return None
        able = tuple(_but(owner, names, own=asked.own))
        if able:
            return able
    return ()


def _but(owner: Person | None, names: Iterable[str], *, own: bool) -> Iterator[str]:
    """Yield the people that the names stand for, the owner only where the deal is `own` to state."""
    held = (owner.manager if owner and name == OWNER_MANAGER else name for name in names)
    for name in dict.fromkeys(held):
        if name is not None and (own or owner is None or name != owner.id):
            yield name


def is_looked_up(name: str, owner: Person | None) -> bool:
    """Say whether only the CRM knows whom this holder stands for."""
    return name.startswith(_FOUND) or (owner is None and name == OWNER_MANAGER)


def _short(roles: list[Role], owner: Person | None, policy: Policy) -> Short:
    names = dict.fromkeys(name for role in roles for name in (*role.holders, *role.backups))
    people = [policy.people[name].name if name in policy.people else name for name in names]
    held = values.listing(["the owner's manager" if name == OWNER_MANAGER else name for name in people])
    labels = values.listing([_several(role) for role in roles])
    deal = f"a deal that {owner.name} owns" if owner else "a deal"
    return Short(owner.id if owner else None, f"{deal} needs {labels}, held by {held or 'nobody'}")


def _several(role: Role) -> str:
    """Name the role, and how many of it have to sign where it is not one."""
    count = "all of them" if role.needs is None else f"{role.needs} people"
    return role.label if role.needs == 1 else f"{role.label} ({count})"
