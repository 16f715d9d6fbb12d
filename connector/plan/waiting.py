"""What waiting brings: a reminder, conditions that are overdue, what lapsed."""

from collections.abc import Iterable

from connector import texts, values
from connector.effects import Effect, SendMail
from connector.explain.sentence import cut
from connector.explain.who import by, named, waits_for
from connector.plan import asking_back
from connector.plan.case import Case, closed, name, stamp
from connector.plan.facts import in_short, subject
from connector.signoffs import marks
from connector.signoffs.conditions import open_conditions, overdue
from connector.signoffs.queues import by_mail
from connector.standing import CLOCK, Condition, Signoff, SignoffState


def news(case: Case) -> Iterable[Effect]:
    """Yield what people are told once because time has passed or somebody has asked."""
    if not case.verdict.assessed:
        return
    for one in case.verdict.signoffs:
        yield from _reminders(one, case)
        yield from asking_back.news(one, case)
        yield from _conditions(one, case)
        yield from _lapsed(one, case)


def _reminders(signoff: Signoff, case: Case) -> Iterable[SendMail]:
    """One mail to each who is waited for; none once those above are asked too."""
    due = marks.reminds_at(signoff, case.ground)
    if due is None or case.ground.now < due or signoff.escalated_at is not None:
        return
    title = cut(texts.still_waiting(case.ground.deal.name, subject(signoff, case)))
    body = f"{texts.to_decide(in_short(signoff, case))}\n{texts.task_is_there()}"
    asked = (person for one in waits_for(signoff) for person in by_mail(one, signoff, case.ground))
    for person in dict.fromkeys(asked):
        key = case.key("remind", *name(signoff), stamp(signoff.requested_at), person)
        yield SendMail(case.ground.deal.id, key, person, title, body, signoff.cycle, lasting=False)


def _conditions(signoff: Signoff, case: Case) -> Iterable[Effect]:
    """A task for the rep when the day of a condition is over; closed when it is met after all."""
    still_open = open_conditions(signoff)
    for place, one in enumerate(signoff.conditions):
        key = case.key("condition", *name(signoff), place)
        if one in still_open and overdue(one, case.ground.policy, case.ground.now):
            yield case.tell_rep(key, *_overdue(one, signoff, case))
        elif one not in still_open:
            yield from closed(key, case)


def _overdue(one: Condition, signoff: Signoff, case: Case) -> tuple[str, str]:
    policy, deal = case.ground.policy, case.ground.deal.name
    day = values.day(one.due, case.local(case.ground.now).year)
    shuts = texts.moment(case.local(marks.shuts_at(one, policy)), case.local(case.ground.now))
    return texts.condition_title(deal, one.text), texts.condition_body(
        by(signoff, policy), one.text, day, shuts
    )


def _lapsed(signoff: Signoff, case: Case) -> Iterable[Effect]:
    """The rep hears once that nobody answered in time."""
    if signoff.state is not SignoffState.EXPIRED or signoff.unanswered:
        return
    if signoff.decided_by == CLOCK and signoff.stops is None:
        people = values.listing([named(one, signoff.role, case.ground.policy) for one in signoff.asked])
        key = case.key("expired", *name(signoff), signoff.cycle)
        yield case.tell_rep(key, texts.lapsed_title(case.ground.deal.name), texts.lapsed_body(people))
