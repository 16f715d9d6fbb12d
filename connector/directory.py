"""Who is who: policy people and CRM users, joined by id or by an e-mail that only one active user has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from connector.policy.model import Found, Person


@dataclass(frozen=True, slots=True)
class CrmUser:
    """A user of the CRM. `owner` is the id that owns records, `user` the id that history entries name."""

    owner: str
    user: str | None
    email: str
    name: str
    active: bool = True
    username: str | None = None  # by which the CRM signs people in, where that is not the e-mail
    manager: str | None = None  # the owner id of whom he reports to, where the CRM tells
    teams: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    is_queue: bool = False  # not a human being: a queue, which owns records under this id


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is out of office, first and last day included, where he lives. `to` stands in for him."""

    person: str
    since: date
    until: date
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """Both maps of one account, made once by `join`. `members` are the people of each queue and team, by
    the name under which a policy holds them ("queue:Deal Desk"); `queues` the owner id of each queue."""

    people: Mapping[str, Person] = field(default_factory=dict)
    user_of: Mapping[str, CrmUser] = field(default_factory=dict)  # person id -> CRM user
    by_owner: Mapping[str, str] = field(default_factory=dict)  # owner id -> person id
    by_user: Mapping[str, str] = field(default_factory=dict)  # user id -> person id
    names: Mapping[str, str] = field(default_factory=dict)  # owner id -> name, people or not
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def join(cls, people: Mapping[str, Person], users: Iterable[CrmUser]) -> "Directory":
        """Join people and active users; two active users with one e-mail count for neither."""
        known = tuple(users)
        active = [user for user in known if user.active]
        by_mail: dict[str, list[CrmUser]] = {}
        for user in active:
            by_mail.setdefault(user.email.casefold(), []).append(user)
        by_id = {name: user for user in active for name in (user.user, user.owner, user.username) if name}
        user_of: dict[str, CrmUser] = {}
        for person in people.values():
            found = _user_of(person, by_id, by_mail)
            if found is not None:
                user_of[person.id] = found
        return cls(
            people=people,
            user_of=user_of,
            by_owner={user.owner: person for person, user in user_of.items()},
            by_user={user.user: person for person, user in user_of.items() if user.user},
            names={user.owner: user.name for user in known},
            members=_members(known, user_of),
            queues={Found.QUEUE.named(one.name): one.owner for one in known if one.is_queue},
        )

    def reachable(self, person: str) -> bool:
        """Say whether the person is an active user of this CRM."""
        return person in self.user_of


def _members(users: Iterable[CrmUser], user_of: Mapping[str, CrmUser]) -> dict[str, tuple[str, ...]]:
    """Return the policy's people in each team and queue. A queue whose members the CRM does not tell has
    those of the team of its name (ADR 120)."""
    found: dict[str, tuple[str, ...]] = {}
    for person, user in user_of.items():
        teams = (Found.TEAM.named(name) for name in user.teams)
        for name in (*teams, *(Found.QUEUE.named(name) for name in user.queues)):
            found[name] = (*found.get(name, ()), person)
    for queue in (one for one in users if one.is_queue):
        found.setdefault(Found.QUEUE.named(queue.name), found.get(Found.TEAM.named(queue.name), ()))
    return found


def _user_of(
    person: Person, by_id: Mapping[str, CrmUser], by_mail: Mapping[str, list[CrmUser]]
) -> CrmUser | None:
    for name in (person.hubspot_user, person.salesforce_username):
        if name and name in by_id:
            return by_id[name]
    same = by_mail.get(person.email.casefold(), [])
    return same[0] if len(same) == 1 else None
