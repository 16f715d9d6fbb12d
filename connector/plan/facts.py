"""What a question rests on, in words: needs, values, limits, the amount."""

from decimal import Decimal

from connector import texts, values
from connector.checks.derived import currency_of
from connector.plan.case import Case
from connector.policy.model import FieldType, Ruling
from connector.signoffs.spoken import for_rep
from connector.standing import Signoff
from connector.verdicts import Need


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


def subject(signoff: Signoff, case: Case) -> str:
    """Write what is to be decided, for titles of mails: "18 % discount", else the reason."""
    told = [fact_of(need, case) or _said(need, case, whole=True) for need in needs_of(signoff, case)]
    return values.listing(list(dict.fromkeys(told))) or signoff.why


def in_short(signoff: Signoff, case: Case) -> str:
    """Write what an approver has to decide, with the limit of whoever sells; else the reason of then."""
    told = [with_limit(need, case, whole=True) for need in needs_of(signoff, case)]
    return values.listing(list(dict.fromkeys(told))) or signoff.why


def fact_of(need: Need, case: Case) -> str:
    """Write the value that drove the need: "18 % discount", "amount EUR 60,000"."""
    if need.lever is None:
        return ""
    field = case.ground.policy.fields[need.lever]
    said = values.say(
        need.seen.get(need.lever), field.type, currency_of(case.ground.deal, case.ground.policy)
    )
    return values.labelled(field, said)


def with_limit(need: Need, case: Case, *, whole: bool) -> str:
    """Write the fact with the limit of whoever sells: "18 % discount (rep's limit 10 %)"; else the reason."""
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


def reason_of(signoff: Signoff, case: Case, *, whole: bool) -> str:
    """Return the reason that was written when the question was asked; it may name what reps are not told."""
    return signoff.why if whole or not case.ground.policy.vocabulary.hidden else texts.held_by_figures()


def amount_of(case: Case) -> str:
    """Write the deal's amount, "" where it has none."""
    amount = case.ground.deal.values.get("amount")
    if not isinstance(amount, Decimal):
        return ""
    return values.say(amount, FieldType.MONEY, currency_of(case.ground.deal, case.ground.policy))


def lever_of(signoffs: list[Signoff], case: Case) -> str:
    """Name the one field on which a limit can be set, nothing where there are two."""
    names = {one.lever for one in signoffs if one.lever}
    fields = [case.ground.policy.fields[name].label for name in names if name in case.ground.policy.fields]
    return fields[0] if len(fields) == 1 and all(one.lever for one in signoffs) else ""
