"""People and ranges in words: "Anna Bos (Operations)", "up to 18 % discount, until 31 January"."""

from collections.abc import Iterable

from connector import texts, values
from connector.checks.derived import currency_of
from connector.policy.model import Bound, FieldType, Policy, Ruling
from connector.signoffs.alone import free_inputs, left_to_sales
from connector.signoffs.ground import Ground
from connector.signoffs.hours import calendar_of, local
from connector.signoffs.people import upwards
from connector.signoffs.spoken import for_rep
from connector.standing import ERASED_PERSON, Signoff, SignoffState
from connector.verdicts import Need


def named(person: str | None, role: str, policy: Policy) -> str:
    """Write a person with the function in which he or she decides: the role's, or that of one above."""
    known, function = policy.people.get(person or ""), _function(person, role, policy)
    name = known.name if known else _stranger(person or role)
    return f"{name} ({function})" if function else name


def _function(person: str | None, role: str, policy: Policy) -> str:
    held = policy.roles.get(role)
    if held is None or person in held.holders:
        return held.function if held else ""
    above = (one for one in upwards(held, policy) if one.level > held.level and person in one.holders)
    return min(above, key=lambda one: one.level, default=held).function


def asker(signoff: Signoff, policy: Policy) -> str:
    """Write who has asked the rep something."""
    return named(signoff.asked_by or signoff.asked[0], signoff.role, policy)


def by(signoff: Signoff, policy: Policy) -> str:
    """Write the plain name of whoever decided."""
    known = policy.people.get(signoff.decided_by or "")
    return known.name if known else _stranger(signoff.decided_by or signoff.role)


def _stranger(name: str) -> str:
    """Write the name of a queue, or of somebody whom the policy does not know any more."""
    return texts.somebody() if name.startswith(ERASED_PERSON) else name.removeprefix("queue:")


def waiting_on(signoffs: Iterable[Signoff], policy: Policy) -> str:
    """Write whom the open requests wait for, each once."""
    asked = (named(person, one.role, policy) for one in open_ones(signoffs) for person in waits_for(one))
    return values.listing(list(dict.fromkeys(asked)))


def open_ones(signoffs: Iterable[Signoff]) -> tuple[Signoff, ...]:
    """Return the requests that nobody has answered and that hold the deal up."""
    return tuple([one for one in signoffs if one.waits])


def stopping(signoffs: Iterable[Signoff]) -> tuple[Signoff, ...]:
    """Return the rights to stop the deal whose time still runs."""
    return tuple([one for one in signoffs if one.state is SignoffState.REQUESTED and not one.waits])


def waits_for(signoff: Signoff) -> tuple[str, ...]:
    """Return those who are asked and have not signed yet."""
    signed = {vote.person for vote in signoff.votes}
    return tuple(person for person in signoff.asked if person not in signed)


def agreed_to(signoff: Signoff, needs: Iterable[Need], ground: Ground) -> str:
    """Write what a yes is about: what no limit in the agreed range says, then that range. What Sales decides
    alone meanwhile is nothing that was agreed."""
    limited, chain = {one.field for one in signoff.envelope}, _chain(signoff.role, ground.policy)
    known = tuple(needs)
    asking = [
        one for one in known if one.ruling is Ruling.SIGN_OFF and _chain(one.role, ground.policy) == chain
    ]
    facts = dict.fromkeys(
        f'"{one.fact}"' if one.fact else for_rep(one, ground) for one in asking if one.lever not in limited
    )
    left = left_to_sales(known, chain, ground.policy) if chain else ()
    within = limits(signoff, ground, free_inputs(left, asking, ground.policy) - {signoff.lever or ""})
    return ", ".join(text for text in (*facts, within) if text)


def _chain(role: str | None, policy: Policy) -> str | None:
    known = policy.roles.get(role or "")
    return known.chain if known else None


def limits(signoff: Signoff, ground: Ground, free: frozenset[str] = frozenset()) -> str:
    """Write the agreed range in the fields that the rep may change, `free` ones left out, and until when it
    holds."""
    said = [_bound(one, ground) for one in signoff.envelope if one.field not in free]
    if signoff.valid_until is not None:
        year = local(ground.now, ground.policy.calendar).year
        said.append(texts.until_day(values.day(signoff.valid_until, year)))
    return ", ".join(text for text in said if text)


def lever_limit(signoff: Signoff, ground: Ground) -> str:
    """Write the limit that an answer set on its lever: "15 %"."""
    bound = next((one for one in signoff.envelope if one.field == signoff.lever), None)
    if bound is None:
        return ""
    value = bound.high if bound.high is not None else bound.low
    field = ground.policy.fields[bound.field]
    text = values.say(value, field.type, currency_of(ground.deal, ground.policy))
    return text if field.type is FieldType.PERCENT else f"{field.label} {text}"


def when(signoff: Signoff, ground: Ground) -> str:
    """Write when the answer is due: "Thu 14:00"."""
    calendar = ground.policy.calendar
    return texts.moment(local(signoff.due_at, calendar), local(ground.now, calendar))


def when_for(person: str | None, signoff: Signoff, ground: Ground) -> str:
    """Write when the answer is due where this person works: "Thu 10:00 (New York)" where clocks differ."""
    calendar, house = calendar_of(person, ground.policy), ground.policy.calendar
    due = local(signoff.due_at, calendar)
    text = texts.moment(due, local(ground.now, calendar))
    alike = due.utcoffset() == local(signoff.due_at, house).utcoffset()
    return text if alike else texts.at_place(text, calendar.zone)


def _bound(bound: Bound, ground: Ground) -> str:
    field = ground.policy.fields.get(bound.field)
    if field is None or not field.rep_may_change or field.hidden:
        return ""
    if field.type is FieldType.PERCENT and bound.high == 0:
        return texts.none_of(field.label)
    value = bound.high if bound.high is not None else bound.low
    text = values.say(value, field.type, currency_of(ground.deal, ground.policy))
    return values.labelled(field, texts.up_to(text) if bound.high is not None else texts.from_value(text))
