"""Who may be named to decide first while somebody is away, so that nobody gains a right by it (ADR 281)."""

from collections.abc import Iterable

from connector.directory import Directory
from connector.policy.model import OWNER_MANAGER, Policy, Role
from connector.signoffs.people import upwards


def stand_ins(person: str, policy: Policy, directory: Directory) -> tuple[str, ...]:
    """Return the people who may do already all that the person may: each of his roles they hold, back up, or
    stand above. What he holds as somebody's manager they have to hold by name."""
    held = [role for role in policy.roles.values() if _holds(person, role, policy, directory)]
    able = [_able(role, policy, directory) for role in held]
    return tuple(one for one in policy.people if one != person and able and all(one in each for each in able))


def _able(role: Role, policy: Policy, directory: Directory) -> frozenset[str]:
    return frozenset(name for one in upwards(role, policy) for name in _named(one, directory))


def _named(role: Role, directory: Directory) -> Iterable[str]:
    """Yield who has the role whoever owns the deal."""
    names = tuple(name for name in (*role.holders, *role.backups) if name != OWNER_MANAGER)
    for name in names:
        yield from directory.members.get(name, (name,))


def _holds(person: str, role: Role, policy: Policy, directory: Directory) -> bool:
    manages = any(one.manager == person for one in policy.people.values())
    return person in _named(role, directory) or (manages and OWNER_MANAGER in (*role.holders, *role.backups))
