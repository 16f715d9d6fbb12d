"""What waiting brings: a reminder, the rep's half of a question, conditions that are overdue, what lapsed."""

from collections.abc import Iterable
from datetime import datetime

from connector import texts, values
from connector.effects import CloseTask, Effect, SendMail
from connector.explain.sentence import cut
from connector.explain.who import by, named, waits_for
from connector.plan.case import Case
from connector.plan.questions import subject
from connector.signoffs import timers
from connector.signoffs.conditions import open_conditions, overdue
from connector.standing import CLOCK, Condition, Signoff, SignoffState


def news(case: Case) -> Iterable[Effect]:
    """Yield what people are told once because time has passed or somebody has asked."""
    if not case.verdict.assessed:
        return
    for one in case.verdict.signoffs:
        yield from _reminders(one, case)
        yield from _question(one, case)
        yield from _reply(one, case)
        yield from _conditions(one, case)
        yield from _lapsed(one, case)


def _reminders(signoff: Signoff, case: Case) -> Iterable[SendMail]:
    """One mail to each who is waited for; none once those above are asked too."""
    due = timers.reminds_at(signoff, case.ground)
    if due is None or case.ground.now < due or signoff.escalated_at is not None:
        return
    title = cut(texts.still_waiting(case.ground.deal.name, subject(signoff, case)))
    for person in waits_for(signoff):
        key = case.key("remind", *_name(signoff), _stamp(signoff.requested_at), person)
        body = f"{texts.because_of(signoff.why)}\n{texts.task_is_there()}"
        yield SendMail(case.ground.deal.id, key, person, title, body, lasting=False)


def _question(signoff: Signoff, case: Case) -> Iterable[Effect]:
    """A task for the rep, with the hours that a reply may take; closed when it is no longer wanted."""
    if signoff.asked_at is None:
        return
    key = case.key("question", *_name(signoff), _stamp(signoff.asked_at))
    if signoff.state is SignoffState.INFO:
        who = named(signoff.asked[0], signoff.role, case.ground.policy)
        title = texts.asks_back_title(case.ground.deal.name, who)
        body = texts.asks_back_body(signoff.question)
        yield case.tell_rep(key, title, body, timers.reply_due(signoff, case.ground))
    else:
        yield from _closed(key, case)


def _reply(signoff: Signoff, case: Case) -> Iterable[SendMail]:
    """The rep's reply, to whoever asked."""
    if signoff.state is not SignoffState.REQUESTED or signoff.asked_at is None:
        return
    for person in waits_for(signoff):
        key = case.key("replied", *_name(signoff), _stamp(signoff.asked_at), person)
        title = texts.replied_title(case.ground.deal.name)
        body = f"{texts.replied(signoff.question, signoff.note)}\n{texts.task_is_there()}"
        yield SendMail(case.ground.deal.id, key, person, title, body)


def _conditions(signoff: Signoff, case: Case) -> Iterable[Effect]:
    """A task for the rep when the day of a condition is over; closed when it is met after all."""
    still_open = open_conditions(signoff)
    for place, one in enumerate(signoff.conditions):
        key = case.key("condition", *_name(signoff), place)
        if one in still_open and overdue(one, case.ground.policy, case.ground.now):
            yield case.tell_rep(key, *_overdue(one, signoff, case))
        elif one not in still_open:
            yield from _closed(key, case)


def _overdue(one: Condition, signoff: Signoff, case: Case) -> tuple[str, str]:
    policy, deal = case.ground.policy, case.ground.deal.name
    day = values.day(one.due, case.local(case.ground.now).year)
    shuts = texts.moment(case.local(timers.shuts_at(one, policy)), case.local(case.ground.now))
    return texts.condition_title(deal, one.text), texts.condition_body(
        by(signoff, policy), one.text, day, shuts
    )


def _lapsed(signoff: Signoff, case: Case) -> Iterable[Effect]:
    """The rep hears once that nobody answered in time."""
    if signoff.state is SignoffState.EXPIRED and signoff.decided_by == CLOCK and signoff.stops is None:
        people = values.listing([named(one, signoff.role, case.ground.policy) for one in signoff.asked])
        key = case.key("expired", *_name(signoff), signoff.cycle)
        yield case.tell_rep(key, texts.lapsed_title(case.ground.deal.name), texts.lapsed_body(people))


def _closed(key: str, case: Case) -> Iterable[CloseTask]:
    done = case.ground.context.standing.done
    if done.get(key) and f"close:{key}" not in done:
        yield CloseTask(case.ground.deal.id, key, done[key])


def _name(signoff: Signoff) -> tuple[str, str]:
    return signoff.gate, signoff.role


def _stamp(at: datetime) -> int:
    return int(at.timestamp())
