"""Queues and public groups with those inside: users, other groups, and roles of the org with all below them.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_group.htm
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.faults import NotShown
from connector.adapters.salesforce.ids import parts
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.soql import BATCH, children, select

GROUP = "Group"
ROLE = "UserRole"
_QUEUE, _TEAM = "Queue", "Regular"  # a public group is what others call a team
_MEMBERS, _MEMBER = "GroupMembers", "UserOrGroupId"
_PREFIX = "00G"
_OF_ROLE = "Role"
_AND_BELOW = frozenset({"RoleAndSubordinates", "RoleAndSubordinatesInternal"})


@dataclass(frozen=True, slots=True)
class Group:
    """A queue or a public group; `members` are ids of users and of groups."""

    id: str
    name: str
    is_queue: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """All of an org. `roles`: which role a group stands for that Salesforce keeps for it, and whether those
    below belong to it; `above`: the role above each."""

    named: Mapping[str, Group] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    above: Mapping[str, str] = field(default_factory=dict)

    def by_user(self, users: Iterable[Row]) -> Mapping[str, list[Group]]:
        """Return for each user the queues and groups that he is in, by way of others too."""
        staff: dict[str, list[str]] = {}
        for row in users:
            staff.setdefault(str(row.get("UserRoleId") or ""), []).append(str(row["Id"]))
        found: dict[str, list[Group]] = {}
        for group in self.named.values():
            for user in dict.fromkeys(self._inside(group.id, staff, frozenset())):
                found.setdefault(user, []).append(group)
        return found

    def _inside(self, group: str, staff: Mapping[str, Sequence[str]], seen: frozenset[str]) -> Iterator[str]:
        """Yield the users of a group; a group that contains itself ends there."""
        for member in self.named[group].members if group not in seen else ():
            if member in self.named:
                yield from self._inside(member, staff, seen | {group})
            elif member in self.roles:
                yield from (user for role in self._held(member) for user in staff.get(role, ()))
            else:
                yield member

    def _held(self, group: str) -> Iterator[str]:
        """Yield the roles for which a group stands."""
        top, and_below = self.roles[group]
        yield top
        if and_below:
            yield from (role for role in self.above if top in self._over(role))

    def _over(self, role: str) -> set[str]:
        over: set[str] = set()
        while (role := self.above.get(role, "")) and role not in over:
            over.add(role)
        return over


def read_groups(client: Client) -> Groups:
    """Return the queues and public groups; none where we may not see them. Roles are read where they are in
    one."""
    fields = ("Id", "Name", "Type", children((_MEMBER,), _MEMBERS))
    try:
        rows = client.rows(select(fields, GROUP, "Type IN {}", [_QUEUE, _TEAM]), GROUP)
        named = {str(row["Id"]): _group(client, row) for row in rows}
        inside = {member for one in named.values() for member in one.members}
        others = sorted(one for one in inside - named.keys() if one.startswith(_PREFIX))
        return Groups(named, _roles(client, others), _above(client) if others else {})
    except NotShown:
        return Groups()


def _group(client: Client, row: Row) -> Group:
    members = tuple(str(one.get(_MEMBER)) for one in client.children(row, _MEMBERS, GROUP))
    return Group(str(row["Id"]), str(row.get("Name")), row.get("Type") == _QUEUE, members)


def _roles(client: Client, groups: Sequence[str]) -> Mapping[str, tuple[str, bool]]:
    fields = ("Id", "Type", "RelatedId")
    queries = (select(fields, GROUP, "Id IN {}", part) for part in parts(groups, BATCH))
    rows = (row for query in queries for row in client.rows(query, GROUP))
    kinds = {_OF_ROLE, *_AND_BELOW}
    return {
        str(row["Id"]): (str(row["RelatedId"]), row["Type"] in _AND_BELOW)
        for row in rows
        if row.get("Type") in kinds and row.get("RelatedId")
    }


def _above(client: Client) -> Mapping[str, str]:
    rows = client.rows(select(("Id", "ParentRoleId"), ROLE), ROLE)
    return {str(row["Id"]): str(row.get("ParentRoleId") or "") for row in rows}
