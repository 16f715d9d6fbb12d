"""What people are told once: the rep of an answer or a missing value, an approver of a yes that counts for
nothing, a holder what a row of the matrix wants known."""

from collections.abc import Iterable
from hashlib import blake2b

from connector import texts
from connector.effects import AddNote, CloseTask, Effect, EmptyAnswer, SendMail
from connector.explain.sentence import cut
from connector.explain.who import by, lever_limit
from connector.gates.occasions import requested
from connector.plan.case import Case
from connector.plan.facts import amount_of, fact_of
from connector.signoffs import Heard, Hearing
from connector.signoffs.answers import DECIDING, refusal_key
from connector.signoffs.waivers import reviewers
from connector.standing import OPEN, Signoff, SignoffState
from connector.verdicts import Readiness


def answers(case: Case) -> Iterable[Effect]:
    """Yield to the rep what was decided, and to whoever decided in vain why it does not count."""
    for heard in case.answered:
        if heard.hearing is Hearing.COUNTED:
            yield from _counted(heard, case)
        elif heard.hearing is Hearing.REFUSED:
            yield _in_vain(heard, case)
            yield from _emptied(heard, case)


def information(case: Case) -> Iterable[Effect]:
    """Yield to a rep who asks what is missing before anybody can be asked; once for each set of fields."""
    gate = case.gate
    if gate is None or gate.offers or case.verdict.keep or not requested(case.ground):
        return
    if case.verdict.readiness is not Readiness.NEEDS_INFO:
        return
    missing = sorted({name for one in gate.findings for name in one.missing})
    digest = blake2b(";".join(missing).encode(), digest_size=6).hexdigest()
    title = texts.asks_for(case.ground.deal.name, gate.label)
    yield case.tell_rep(case.key("asked", gate.gate, digest), title, case.verdict.sentence)


def notices(case: Case) -> Iterable[SendMail]:
    """Yield the mail to each person whom a row with `notify` names: there is nothing to do, so no task."""
    ground, gates = case.ground, case.verdict.gates
    for gate, notice in (
        (gate, one) for one in case.verdict.notices for gate in gates if gate.gate == one.gate
    ):
        said = fact_of(notice.need, case) or notice.need.why
        facts = ", ".join(fact for fact in (amount_of(case), said) if fact)
        owner = ground.context.directory.names.get(ground.deal.owner or "", texts.sales())
        lines = [texts.notice_intro(owner, ground.deal.name, gate.label), f"- {said}"]
        if notice.need.text:
            lines.append(texts.policy_says(notice.need.text))
        title = cut(texts.for_information(ground.deal.name, facts))
        yield SendMail(ground.deal.id, notice.key, notice.person, title, "\n".join(lines))


def reviews(case: Case) -> Iterable[Effect]:
    """Yield a task to whoever has to review what was done by breaking the glass; once for each waiver."""
    ground = case.ground
    for one in case.verdict.waivers:
        if not one.break_glass or one.reviewed_at is not None:
            continue
        who = ground.policy.people[one.by].name if one.by in ground.policy.people else one.by
        title = texts.review_title(ground.deal.name, who)
        body = texts.review_body(who, one.rule, one.note, one.id)
        users = (ground.context.directory.user_of.get(person) for person in reviewers(one, ground))
        user = next((one for one in users if one is not None), None)
        if user is not None:
            yield case.tell(case.key("review", one.id), user.owner, title, body)


def reviewed(case: Case) -> Iterable[CloseTask]:
    """Yield the closing of the review's task once it is done."""
    done = case.ground.context.standing.done
    for one in case.verdict.waivers:
        key = case.key("review", one.id)
        if one.reviewed_at is not None and done.get(key) and f"close:{key}" not in done:
            yield CloseTask(case.ground.deal.id, key, done[key])


def _counted(heard: Heard, case: Case) -> Iterable[Effect]:
    """A decision is told to the rep; a word that decides nothing yet leaves room for the next one."""
    if heard.answer.kind not in DECIDING:
        yield from _emptied(heard, case)
        return
    if heard.again:
        return
    told = [one for one in heard.signoffs if one.stops is None or one.state is SignoffState.REJECTED]
    if told and told[0].state not in OPEN:  # that nobody stops a deal is no news
        yield _decided(heard, told[0], case)


def _decided(heard: Heard, first: Signoff, case: Case) -> Effect:
    who = by(first, case.ground.policy)
    sentence = case.verdict.sentence
    note = "" if first.note in sentence else texts.note_of(who, first.note)
    body = f"{note}\n{sentence}" if note else sentence
    return case.tell_rep(case.key("told", heard.answer.id), _title(first, who, case), body)


def _title(signoff: Signoff, who: str, case: Case) -> str:
    deal = case.ground.deal.name
    if signoff.state is SignoffState.REJECTED:
        return texts.says_no(deal, who)
    offered = any(signoff in gate.offers for gate in case.verdict.gates)
    if offered:
        return texts.counter_offer(deal, who, lever_limit(signoff, case.ground))
    return texts.says_yes(deal, who)


def _emptied(heard: Heard, case: Case) -> Iterable[EmptyAnswer]:
    """Yield the emptying of the answer where it stands on a task: the next one there must be news."""
    answer = heard.answer
    task = case.ground.context.standing.done.get(answer.task or "")
    if task is not None:
        yield EmptyAnswer(answer.deal, f"empty:{answer.id}", task, answer.at, answer.kind)


def _in_vain(heard: Heard, case: Case) -> Effect:
    deal, context = case.ground.deal, case.ground.context
    key = refusal_key(context.account, heard.answer)
    if heard.person is None:
        return AddNote(deal.id, key, heard.sentence)
    user = context.directory.user_of.get(heard.person)
    title = texts.answer_title(deal.name)
    if user is None:
        return SendMail(deal.id, key, heard.person, title, heard.sentence)
    return case.tell(key, user.owner, title, heard.sentence)
