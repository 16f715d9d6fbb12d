"""An approver asks the rep: the task with its clock, who is told of silence, and how it ends (ADR 235)."""

from collections.abc import Iterable

from connector import texts
from connector.effects import Effect, SendMail
from connector.explain.who import asker, waits_for, when_for
from connector.plan.case import Case, closed, name, stamp
from connector.signoffs import marks
from connector.signoffs.queues import by_mail
from connector.standing import Signoff, SignoffState


def news(signoff: Signoff, case: Case) -> Iterable[Effect]:
    """Yield what rep, manager and approver are told, each once for each question."""
    if signoff.asked_at is None:
        return
    if signoff.state is SignoffState.INFO:
        yield from _asked(signoff, case)
        return
    for kind in ("question", "still-asks"):
        yield from closed(_key(kind, signoff, case), case)
    if signoff.state is SignoffState.REQUESTED and not signoff.unanswered:
        yield from _replied(signoff, case)
    elif signoff.unanswered:
        yield from _unanswered(signoff, case)


def _asked(signoff: Signoff, case: Case) -> Iterable[Effect]:
    """A task for the rep, with the hours that a reply may take; when they are over, a second word."""
    who, due = asker(signoff, case.ground.policy), marks.reply_due(signoff, case.ground)
    title = texts.asks_back_title(case.ground.deal.name, who)
    yield case.tell_rep(_key("question", signoff, case), title, texts.asks_back_body(signoff.question), due)
    if case.ground.now >= due:
        yield from _silent(signoff, who, case)


def _silent(signoff: Signoff, who: str, case: Case) -> Iterable[Effect]:
    ground, deal = case.ground, case.ground.deal.name
    ends_at = marks.silence_ends_at(signoff, ground)
    moment = texts.moment(case.local(ends_at), case.local(ground.now))
    end = texts.silence_lapses(moment) if signoff.stops is None else texts.silence_helps_nobody(moment)
    body = texts.still_asks_body(signoff.question, end)
    yield case.tell_rep(
        _key("still-asks", signoff, case), texts.still_asks_title(deal, who), body, due_at=ends_at
    )
    rep = ground.context.directory.people.get(
        ground.context.directory.by_owner.get(ground.deal.owner or "", "")
    )
    if rep is None or rep.manager in {None, signoff.asked_by}:
        return
    title, body = (
        texts.silent_title(deal, rep.name, who),
        texts.silent_body(who, rep.name, signoff.question, end),
    )
    key = _key("silent", signoff, case)
    yield SendMail(ground.deal.id, key, rep.manager or "", title, body, lasting=False)


def _replied(signoff: Signoff, case: Case) -> Iterable[SendMail]:
    """The rep's reply, to whoever is waited for and whoever asked."""
    title = texts.replied_title(case.ground.deal.name)
    body = f"{texts.replied(signoff.question, signoff.note)}\n{texts.task_is_there()}"
    names = (*waits_for(signoff), *([signoff.asked_by] if signoff.asked_by else []))
    for person in dict.fromkeys(one for each in names for one in by_mail(each, signoff, case.ground)):
        key = _key("replied", signoff, case, person)
        yield SendMail(case.ground.deal.id, key, person, title, body, signoff.cycle)


def _unanswered(signoff: Signoff, case: Case) -> Iterable[Effect]:
    """What the silence ended in: to the rep where the request has lapsed, to whoever asked in any case."""
    deal, ground = case.ground.deal.name, case.ground
    if signoff.state is SignoffState.EXPIRED and signoff.stops is not None:
        said = texts.let_pass(signoff.question)
    elif signoff.state is SignoffState.EXPIRED:
        body = texts.unanswered_body(asker(signoff, ground.policy), signoff.question)
        yield case.tell_rep(_key("unanswered", signoff, case), texts.unanswered_title(deal), body)
        said = texts.let_go(signoff.question)
    elif signoff.state is SignoffState.REQUESTED:
        until = when_for(signoff.asked_by, signoff, ground)
        said = f"{texts.given_back(signoff.question, until)}\n{texts.task_is_there()}"
    else:
        return
    person, title = signoff.asked_by or signoff.asked[0], texts.no_answer_title(deal)
    yield SendMail(ground.deal.id, _key("no-reply", signoff, case), person, title, said)


def _key(kind: str, signoff: Signoff, case: Case, *person: str) -> str:
    at = signoff.requested_at if signoff.asked_at is None else signoff.asked_at
    return case.key(kind, *name(signoff), stamp(at), *person)
