"""Look every hour whether those who are asked are still there: absences begin and end, users leave."""

from collections.abc import Iterator

from connector.deals import ObjectType
from connector.desk import Desk
from connector.directory import Directory
from connector.explain.who import waits_for
from connector.picture import Picture
from connector.policy.model import Policy
from connector.signoffs.hours import today
from connector.standing import OPEN


def look_at_people(desk: Desk) -> int:
    """Ring every deal whose question waits for somebody who is away or has no seat in the CRM any more, and
    every deal with an exception: is it still needed? Return how many were rung."""
    picture = desk.picture()
    missing = absent(desk, picture)
    asked = {
        deal
        for state in OPEN
        for deal, one in desk.store.views.signoffs(desk.account, state, 100_000)
        if missing.intersection(waits_for(one))
    }
    deals = asked | set(desk.store.waivers.open_deals(desk.account))
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in deals], desk.now())
    return len(deals)


def look_for_tasks(desk: Desk) -> int:
    """Ring the tasks of open questions that are no longer in the CRM: no vendor tells of every deletion.
    Return how many are gone."""
    asked = sorted({deal for deal, _ in desk.store.views.signoffs(desk.account, limit=100_000)})
    gone = 0
    for start in range(0, len(asked), desk.crm.batch):
        deals = asked[start : start + desk.crm.batch]
        there = {task.id for task in desk.crm.tasks_of(deals)}
        standings = desk.store.standings.of(desk.account, deals)
        made = {ref for one in standings.values() for ref in one.done.values() if ref} - there
        lost = [task for _, _, task in desk.store.standings.cards(desk.account, made)]
        desk.store.bells.ring([(desk.account, ObjectType.TASK, task) for task in lost], desk.now())
        gone += len(lost)
    return gone


def absent(desk: Desk, picture: Picture) -> frozenset[str]:
    """Return the people of the policy who are out of office today or not active in the CRM."""
    policy, directory = picture.policy, picture.context.directory
    away = {
        one.person
        for one in picture.context.absences
        if one.since <= today(one.person, policy, desk.now()) <= one.until
    }
    return frozenset(away | {name for name in policy.people if not directory.reachable(name)})


def left(policy: Policy, directory: Directory) -> Iterator[str]:
    """Yield the alarms about holders of a role who are not active in the CRM."""
    for role in policy.roles.values():
        for name in (*role.holders, *role.backups):
            if name in policy.people and not directory.reachable(name):
                yield f"holder-inactive {name}"
