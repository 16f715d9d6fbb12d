"""Tasks and mails for those who decide: one card for each person and deal, closed when it is settled."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto
from typing import assert_never

from connector import texts, values
from connector.checks.derived import currency_of
from connector.deals import OurField
from connector.effects import CloseTask, CreateTask, Effect, SendMail
from connector.explain.sentence import cut
from connector.explain.who import open_ones, stopping, waits_for, when
from connector.plan.case import Case
from connector.policy.model import FieldType, Ruling
from connector.signoffs.answers import task_key
from connector.signoffs.spoken import for_rep
from connector.standing import Signoff, SignoffState, Standing
from connector.verdicts import Finding, Need, Outcome, Verdict

_STANDING = frozenset({SignoffState.REQUESTED, SignoffState.INFO})
_OTHERS = ("mail:", "close:")  # done under a key of their own for the same card


def asked(case: Case) -> Iterable[Effect]:
    """Yield a task and a mail for each person who is asked; what was sent before is filtered by its key."""
    if not case.verdict.assessed:
        return
    for (person, card), signoffs in _cards(case).items():
        key = task_key(case.ground.context.account, case.ground.deal.id, person, card)
        letter, mailed = _letter(signoffs, case, whole=True), person in case.ground.policy.people
        owner = _task_owner(person, case)
        if owner is not None:
            due_at = case.local(min(one.due_at for one in signoffs))  # a CRM may keep the day alone
            task = _on_task(letter, signoffs, case, mailed=mailed)
            yield CreateTask(
                case.ground.deal.id, key, owner, task.title, task.body, due_at, decision=True,
                figures=_left_out(letter, task),
            )  # fmt: skip
        if mailed:
            mail = f"{letter.body}\n{texts.task_is_there()}"
            cycle = signoffs[0].cycle
            yield SendMail(case.ground.deal.id, f"mail:{key}", person, letter.title, mail, cycle)


def put_to(person: str, cycle: int, case: Case) -> tuple[str, list[str]] | None:
    """Return title and lines of what a person is asked, however it is answered; None where nothing waits."""
    cards = (one for (who, _), one in _cards(case).items() if who == person and one[0].cycle == cycle)
    mine = next(cards, None)
    return None if mine is None else (_title(mine, case, whole=True), _lines(mine, case, whole=True))


@dataclass(frozen=True, slots=True)
class _Letter:
    title: str
    body: str


def _letter(signoffs: list[Signoff], case: Case, *, whole: bool) -> _Letter:
    """Write the question: `whole` for Operations alone, else as a rep may read it, too."""
    return _Letter(_title(signoffs, case, whole=whole), _body(signoffs, case, whole=whole))


def _on_task(letter: _Letter, signoffs: list[Signoff], case: Case, *, mailed: bool) -> _Letter:
    """Return what stands on the task: whoever reads the deal's activities in the CRM reads it (ADR 240)."""
    policy = case.ground.policy
    if policy.private_tasks or not (policy.vocabulary.hidden or policy.capacity):
        return letter
    shown = _letter(signoffs, case, whole=False)
    return shown if shown == letter else replace(shown, body=f"{shown.body}\n{texts.left_out(mailed=mailed)}")


def _left_out(whole: _Letter, shown: _Letter) -> str:
    """Return the lines that are not on the task."""
    told = shown.body.splitlines()
    return "\n".join(line for line in whole.body.splitlines() if line not in told)


def _task_owner(person: str, case: Case) -> str | None:
    """Return who owns the task in the CRM: the person, or the queue that is asked."""
    directory = case.ground.context.directory
    user = directory.user_of.get(person)
    return user.owner if user is not None else directory.queues.get(person)


def settled(case: Case) -> Iterable[CloseTask]:
    """Yield the closing of every task that no open question stands behind any more."""
    yield from closing(case.verdict, case.ground.context.standing)


def closing(verdict: Verdict, standing: Standing) -> tuple[CloseTask, ...]:
    """Return the closing of the deal's tasks that no open question stands behind, each once."""
    asked = (one for one in verdict.signoffs if one.state in _STANDING)
    waited_for = {(person, one.card) for one in asked for person in waits_for(one)}
    known = {
        (person, card)
        for one in verdict.signoffs
        for person in (*one.asked, *one.formerly)
        for card in (one.card, str(one.cycle))
    }
    settled_cards = known - waited_for
    ends = tuple(task_key("", verdict.deal, *card) for card in settled_cards)
    return tuple(
        CloseTask(verdict.deal, key, task)
        for key, task in standing.done.items()
        if task and key.endswith(ends) and not key.startswith(_OTHERS) and f"close:{key}" not in standing.done
    )


def subject(signoff: Signoff, case: Case) -> str:
    """Write what is to be decided, for titles of mails: "18 % discount", else the reason."""
    told = [fact_of(need, case) or _said(need, case, whole=True) for need in needs_of(signoff, case)]
    return values.listing(list(dict.fromkeys(told))) or signoff.why


def _why(signoff: Signoff, case: Case, *, whole: bool) -> str:
    """Return the reason that was written when the question was asked; it may name what reps are not told."""
    return signoff.why if whole or not case.ground.policy.vocabulary.hidden else texts.held_by_figures()


def _cards(case: Case) -> dict[tuple[str, str], list[Signoff]]:
    cards: dict[tuple[str, str], list[Signoff]] = {}
    asked = case.verdict.signoffs
    for signoff in (*open_ones(asked), *stopping(asked)):
        for person in waits_for(signoff):
            cards.setdefault((person, signoff.card), []).append(signoff)
    return cards


def _title(signoffs: list[Signoff], case: Case, *, whole: bool) -> str:
    first = min(signoffs, key=lambda one: one.due_at)
    facts = [amount_of(case)]
    for signoff in signoffs:
        needs = needs_of(signoff, case)
        facts.extend(_with_limit(need, case, whole=whole) for need in needs)
        if not needs:
            facts.append(_why(signoff, case, whole=whole))
    told = ", ".join(dict.fromkeys(fact for fact in facts if fact))
    words = {_Card.DECIDE: texts.decide_by, _Card.CONFIRM: texts.confirm_by, _Card.STOP: texts.stop_by}
    return cut(words[_card(signoffs, case)](when(first, case.ground), case.ground.deal.name, told))


class _Card(Enum):
    """What a card wants of its person: a decision before all, a fact, or a no while there is time."""

    DECIDE = auto()
    CONFIRM = auto()
    STOP = auto()


def _card(signoffs: list[Signoff], case: Case) -> _Card:
    if not any(one.waits for one in signoffs):
        return _Card.STOP
    needs = [need for one in signoffs for need in needs_of(one, case)]
    return _Card.CONFIRM if needs and all(need.fact for need in needs) else _Card.DECIDE


def _body(signoffs: list[Signoff], case: Case, *, whole: bool) -> str:
    how = _how(_card(signoffs, case), signoffs, case)
    return "\n".join((*_lines(signoffs, case, whole=whole), how))


def _lines(signoffs: list[Signoff], case: Case, *, whole: bool) -> list[str]:
    ground = case.ground
    owner = ground.context.directory.names.get(ground.deal.owner or "", "Sales")
    gates = [gate for one in signoffs if (gate := case.named(one.gate))]
    stages = values.listing(list(dict.fromkeys(gate.label for gate in gates)))
    needs = [need for one in signoffs for need in needs_of(one, case)]
    found = [one for gate in gates for one in gate.findings if _weighs(one)]
    measured = [one.whole if whole else one.ops for one in found]
    policy = [texts.policy_says(need.text) for need in needs if need.text]
    note = ground.deal.shown.get(OurField.REQUEST_NOTE, "").strip()
    card = _card(signoffs, case)
    intro = {_Card.STOP: texts.stop_intro, _Card.CONFIRM: texts.confirm_intro}.get(card, texts.decision_intro)
    lines = [
        intro(owner, ground.deal.name, stages),
        *(f"- {_with_limit(need, case, whole=whole)}" for need in needs),
        *(f"- {said}" for said in measured),
        *_rates(signoffs, case),
        *policy,
        *([texts.rep_says(note)] if note else []),
    ]
    return list(dict.fromkeys(lines))


def _rates(signoffs: Iterable[Signoff], case: Case) -> Iterable[str]:
    """Yield the rate by which the limits count for a deal in another currency, with its day."""
    ground = case.ground
    currency, own = currency_of(ground.deal, ground.policy), ground.policy.currency
    for one in signoffs:
        if one.rate is not None and currency is not None and own is not None and currency != own:
            worth = values.money(one.rate, own, 6)
            yield texts.rate(currency, worth, values.day(one.rate_of) if one.rate_of else "")


def _how(card: _Card, signoffs: list[Signoff], case: Case) -> str:
    match card:
        case _Card.DECIDE:
            return texts.how_to_decide(_lever(signoffs, case))
        case _Card.CONFIRM:
            return texts.how_to_confirm()
        case _Card.STOP:
            return texts.how_to_stop(when(min(signoffs, key=lambda one: one.due_at), case.ground))
        case _:
            assert_never(card)


def needs_of(signoff: Signoff, case: Case) -> list[Need]:
    """Return what the gate still waits for in the sign-off's chain."""
    gate, roles = case.named(signoff.gate), case.ground.policy.roles
    role = roles.get(signoff.role)
    if gate is None or role is None:
        return []
    if signoff.stops is not None:
        return [need for need in gate.needs if need.ruling is Ruling.VETO and need.role == role.id]
    chain = {one.id for one in roles.values() if one.chain == role.chain}
    return [need for need in gate.waiting if need.role in chain]


def _with_limit(need: Need, case: Case, *, whole: bool) -> str:
    fact = fact_of(need, case)
    present = need.seen.get(need.lever or "")
    if not fact or need.limit is None or need.lever is None or not isinstance(present, Decimal):
        return fact or _said(need, case, whole=whole)
    field = case.ground.policy.fields[need.lever]
    currency = currency_of(case.ground.deal, case.ground.policy)
    _, limit = values.apart(present, need.limit, field.type, currency)
    return texts.reps_limit(fact, limit)


def _said(need: Need, case: Case, *, whole: bool) -> str:
    if need.fact:
        return f'"{need.fact}"'
    return need.why if whole else for_rep(need, case.ground)


def fact_of(need: Need, case: Case) -> str:
    """Write the value that drove the need: "18 % discount", "amount EUR 60,000"."""
    if need.lever is None:
        return ""
    field = case.ground.policy.fields[need.lever]
    said = values.say(
        need.seen.get(need.lever), field.type, currency_of(case.ground.deal, case.ground.policy)
    )
    return values.labelled(field, said)


def amount_of(case: Case) -> str:
    """Write the deal's amount, "" where it has none."""
    amount = case.ground.deal.values.get("amount")
    if not isinstance(amount, Decimal):
        return ""
    return values.say(amount, FieldType.MONEY, currency_of(case.ground.deal, case.ground.policy))


def _lever(signoffs: list[Signoff], case: Case) -> str:
    """Name the one field on which a limit can be set, nothing where there are two."""
    names = {one.lever for one in signoffs if one.lever}
    fields = [case.ground.policy.fields[name].label for name in names if name in case.ground.policy.fields]
    return fields[0] if len(fields) == 1 and all(one.lever for one in signoffs) else ""


def _weighs(finding: Finding) -> bool:
    return finding.outcome is Outcome.SIGN_OFF or finding.size is not None
