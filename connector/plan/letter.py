"""The question as it is put to somebody: `whole` for Operations alone, else as a rep may read it, too."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from connector import texts, values
from connector.checks.derived import currency_of
from connector.deals import OurField
from connector.explain.sentence import cut
from connector.explain.who import named, when_for
from connector.plan.case import Case
from connector.plan.facts import amount_of, lever_of, needs_of, reason_of, with_limit
from connector.standing import Signoff
from connector.verdicts import Finding, Outcome


class _Card(Enum):
    """What a card wants of its person: a decision before all, a fact, or a no while there is time."""

    DECIDE = auto()
    CONFIRM = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody is asked: a line, and the whole of it."""

    title: str
    body: str


def written(signoffs: list[Signoff], case: Case, reader: str, *, whole: bool, mailed: bool = False) -> Letter:
    """Write the question: `whole` for Operations alone, else as a rep may read it, too; on the task, or
    `mailed` beside it."""
    where = texts.on_the_task() if mailed else texts.on_this_task()
    how = _how(signoffs, case, reader, where)
    body = [*lines_of(signoffs, case, whole=whole), how, *([texts.no_reply()] if mailed else [])]
    return Letter(title_of(signoffs, case, reader, whole=whole), "\n".join(body))


def title_of(signoffs: list[Signoff], case: Case, reader: str, *, whole: bool) -> str:
    """Write by when what is wanted: "Decide by Thu 14:00: Acme, EUR 48,000, 18 % discount"."""
    first = _first(signoffs)
    facts = [amount_of(case)]
    for signoff in signoffs:
        needs = needs_of(signoff, case)
        facts.extend(with_limit(need, case, whole=whole) for need in needs)
        if not needs:
            facts.append(reason_of(signoff, case, whole=whole))
    told = ", ".join(dict.fromkeys(fact for fact in facts if fact))
    words = {_Card.DECIDE: texts.decide_by, _Card.CONFIRM: texts.confirm_by, _Card.STOP: texts.stop_by}
    return cut(
        words[_card(signoffs, case)](when_for(reader, first, case.ground), case.ground.deal.name, told)
    )


def lines_of(signoffs: list[Signoff], case: Case, *, whole: bool) -> list[str]:
    """Write the question itself, each line once; how it is answered depends on where that is done."""
    ground = case.ground
    owner = ground.context.directory.names.get(ground.deal.owner or "", texts.sales())
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
        *(f"- {with_limit(need, case, whole=whole)}" for need in needs),
        *(f"- {said}" for said in measured),
        *_rates(signoffs, case),
        *policy,
        *([texts.rep_says(note)] if note else []),
        *_raised(signoffs, case),
    ]
    return list(dict.fromkeys(lines))


def _card(signoffs: list[Signoff], case: Case) -> _Card:
    if not any(one.waits for one in signoffs):
        return _Card.STOP
    needs = [need for one in signoffs for need in needs_of(one, case)]
    return _Card.CONFIRM if needs and all(need.fact for need in needs) else _Card.DECIDE


def _raised(signoffs: Iterable[Signoff], case: Case) -> Iterable[str]:
    """Say why those above are asked as well."""
    for one in signoffs:
        if one.escalated_at is not None and len(one.asked) > 1:
            first = [named(person, one.role, case.ground.policy) for person in one.asked[:-1]]
            yield texts.asked_before(values.listing(first))


def _rates(signoffs: Iterable[Signoff], case: Case) -> Iterable[str]:
    """Yield the rate by which the limits count for a deal in another currency, with its day."""
    ground = case.ground
    currency, own = currency_of(ground.deal, ground.policy), ground.policy.currency
    for one in signoffs:
        if one.rate is not None and currency is not None and own is not None and currency != own:
            worth = values.money(one.rate, own, 6)
            yield texts.rate(currency, worth, values.day(one.rate_of) if one.rate_of else "")


def _how(signoffs: list[Signoff], case: Case, reader: str, where: str) -> str:
    card = _card(signoffs, case)
    match card:
        case _Card.DECIDE:
            return texts.how_to_decide(lever_of(signoffs, case), where)
        case _Card.CONFIRM:
            return texts.how_to_confirm(where)
        case _Card.STOP:
            return texts.how_to_stop(when_for(reader, _first(signoffs), case.ground), where)
        case _:
            assert_never(card)


def _first(signoffs: Iterable[Signoff]) -> Signoff:
    return min(signoffs, key=lambda one: one.due_at)


def _weighs(finding: Finding) -> bool:
    return finding.outcome is Outcome.SIGN_OFF or finding.size is not None
