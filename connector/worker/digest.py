"""The daily digest: at the hour a person begins to work, one mail with all that waits for that person.

Whoever wants one has `digest: daily` in the policy. The day of the last one stands in the job's cursor, so a
restart sends none twice; a mail whose outcome is unknown is sent again under the same Message-ID.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from connector import texts
from connector.desk import Desk
from connector.explain.who import waits_for
from connector.mail import Mail, MailRefused, MailUnavailable
from connector.policy.model import Person, Policy
from connector.recall import Recall
from connector.signoffs.hours import calendar_of, local, opening, today
from connector.signoffs.queues import readers
from connector.standing import Signoff
from connector.store.jobs import JobLease
from connector.worker.asked import asked
from connector.worker.post import answer_link, deal_link

_MOST = 10_000  # open questions of one account, soonest due first

Waiting = Mapping[str, list[tuple[str, Signoff]]]


def digests(desk: Desk, lease: JobLease) -> JobLease:
    """Mail whoever is due; return the lease with the days of the last digests."""
    policy, now = desk.pictures.policy(desk.now()), desk.now()
    due = [one for one in policy.people.values() if _is_due(one, policy, lease, now)]
    if not due or desk.store.accounts.get(desk.account).paused:
        return lease
    waiting = _waiting(desk)
    for person in due:
        if _sent(desk, person, waiting.get(person.id, []), policy):
            day = today(person.id, policy, now).isoformat()
            seconds = desk.settings.lease_seconds + desk.settings.call_seconds
            lease = desk.store.jobs.keep(lease, {**lease.cursor, person.id: day}, seconds, desk.now())
    return replace(lease, cursor={name: day for name, day in lease.cursor.items() if name in policy.people})


def _is_due(person: Person, policy: Policy, lease: JobLease, now: datetime) -> bool:
    """Say whether his working day has begun, and he was not written to on it."""
    day = today(person.id, policy, now)
    opens = opening(day, calendar_of(person.id, policy))
    return (
        person.digest is not None
        and opens is not None
        and now >= opens
        and lease.cursor.get(person.id) != day.isoformat()
    )


def _waiting(desk: Desk) -> Waiting:
    """Return the questions that wait for each person, each deal's card once, soonest due first."""
    recall = Recall(desk.account, desk.store)
    found: dict[str, list[tuple[str, Signoff]]] = {}
    seen: set[tuple[str, str, str]] = set()
    for deal, signoff in desk.store.views.signoffs(desk.account, limit=_MOST):
        names = waits_for(signoff)
        for person in (one for name in names for one in _readers(name, deal, signoff, recall, desk)):
            if (person, deal, signoff.card) not in seen:
                seen.add((person, deal, signoff.card))
                found.setdefault(person, []).append((deal, signoff))
    return found


def _readers(name: str, deal: str, signoff: Signoff, recall: Recall, desk: Desk) -> tuple[str, ...]:
    """Return whom a question waits for: a person, or of a queue its members who may answer."""
    house = recall.house()
    if house is None or name not in house.directory.queues:
        return (name,)
    known = recall.deal(deal, house, desk.now())
    return readers(name, signoff, known.ground) if known else ()


def _sent(desk: Desk, person: Person, questions: list[tuple[str, Signoff]], policy: Policy) -> bool:
    """Say whether he has been told all that waits; nothing waiting is told by silence."""
    if not questions:
        return True
    day = today(person.id, policy, desk.now()).isoformat()
    what = asked(Recall(desk.account, desk.store), desk.now())
    body = "\n\n".join(_line(desk, person, deal, one, policy, what(deal, one)) for deal, one in questions)
    subject = texts.digest_subject(len(questions))
    try:
        desk.mailer.send(Mail(person.email, subject, body, f"digest:{desk.account}:{person.id}:{day}"))
    except MailUnavailable:
        desk.metrics.mails.labels("later").inc()
        return False
    except MailRefused as error:
        desk.metrics.mails.labels("refused").inc()
        desk.alarm(error.reason, f"digest {person.id}")
        return True
    desk.metrics.mails.labels("sent").inc()
    return True


def _line(  # noqa: PLR0917
    desk: Desk, person: Person, deal: str, signoff: Signoff, policy: Policy, what: str
) -> str:
    calendar = calendar_of(person.id, policy)
    when = texts.moment(local(signoff.due_at, calendar), local(desk.now(), calendar))
    said = texts.digest_line(when, _name(desk, deal), what)
    return "\n".join((said, *answer_link(desk, deal, person.id, signoff.cycle), *deal_link(desk, deal)))


def _name(desk: Desk, deal: str) -> str:
    kept = desk.store.views.kept(desk.account, deal)
    return kept.inputs.deal.name if kept is not None and kept.inputs is not None else deal
