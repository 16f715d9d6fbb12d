"""Who holds a role for this deal, and who of them may sign: active in the CRM, and not the deal's owner."""

from collections.abc import Iterable

from connector.directory import Directory
from connector.policy.model import OWNER_MANAGER, Policy, Role


def holders(role: Role, owner: str | None, directory: Directory) -> tuple[str, ...]:
    """Return the role's person ids in the order in which they are asked; `owner` is the CRM's owner id."""
    found = (_holder(name, owner, directory) for name in role.holders)
    return tuple(dict.fromkeys(name for name in found if name is not None))


def eligible(role: Role, owner: str | None, directory: Directory) -> tuple[str, ...]:
    """Return the holders that may sign for this deal."""
    return tuple(
        person
        for person in holders(role, owner, directory)
        if directory.reachable(person) and not owns(person, owner, directory)
    )


def owns(person: str, owner: str | None, directory: Directory) -> bool:
    """Say whether the person owns the deal."""
    user = directory.user_of.get(person)
    return owner is not None and user is not None and user.owner == owner


def upwards(role: Role, policy: Policy) -> Iterable[Role]:
    """Yield the role and those above it in its chain: each may decide what it may."""
    for other in policy.roles.values():
        if other.chain == role.chain and other.level >= role.level:
            yield other


def reach(person: str | None, role: Role, policy: Policy, owner: str | None, directory: Directory) -> int:
    """Return the highest level at which the person signs in the role's chain, the role's own at least."""
    levels = (other.level for other in upwards(role, policy) if person in holders(other, owner, directory))
    return max(levels, default=role.level)


def _holder(name: str, owner: str | None, directory: Directory) -> str | None:
    if name != OWNER_MANAGER:
        return name
    person = directory.by_owner.get(owner) if owner else None
    return directory.people[person].manager if person else None
