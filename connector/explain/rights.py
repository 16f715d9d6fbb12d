"""What a person might sign on one day, as the policy of that day says: "had he the authority?"."""

from collections.abc import Iterator
from datetime import date

from connector import values
from connector.policy.model import OWNER_MANAGER, Delegation, Policy, Role


def rights(person: str, day: date, policy: Policy) -> tuple[str, ...]:
    """Return one sentence for each right, in the order of the policy; none where there was none."""
    return tuple(
        said
        for role in policy.roles.values()
        for said in (*_own(person, role, policy), *_standing_in(person, role, day, policy))
    )


def _own(person: str, role: Role, policy: Policy) -> Iterator[str]:
    if person in role.holders:
        yield f"held {role.label}"
    if OWNER_MANAGER in role.holders:
        team = [one.name for one in policy.people.values() if one.manager == person]
        if team:
            yield f"held {role.label} for deals of {values.listing(team)}"
    groups = [name for name in role.holders if ":" in name]
    if groups:
        yield f"held {role.label} if a member of {values.listing(groups, 'or')} that day (the CRM knows)"
    if person in role.backups:
        yield f"was backup of {role.label}, while none of its holders was there"
    if role.last_resort and person in role.holders:
        yield "was the last resort of every role"


def _standing_in(person: str, role: Role, day: date, policy: Policy) -> Iterator[str]:
    for one in policy.delegations:
        gave = one.giver in role.holders and (not one.roles or role.id in one.roles)
        if one.to == person and gave and one.since <= day <= one.until:
            yield f"stood in for {policy.people[one.giver].name} as {role.label}{_scope(one)}"


def _scope(one: Delegation) -> str:
    most = f", up to {values.money(one.up_to, one.currency)}" if one.up_to is not None else ""
    where = f", in {values.listing(sorted(one.pipelines))}" if one.pipelines else ""
    return f" from {one.since} to {one.until}{most}{where}"
