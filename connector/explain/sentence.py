"""One sentence: why, and what opens it. Every reason that holds the deal is named, or counted."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar, assert_never

from connector import texts, values
from connector.explain.who import (
    agreed_to,
    asker,
    by,
    lever_limit,
    named,
    open_ones,
    stopping,
    waits_for,
    when,
)
from connector.policy.model import Policy, RequiredData, Ruling
from connector.signoffs.conditions import open_conditions
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.signoffs.spoken import for_rep
from connector.standing import ClearedHow, Signoff, SignoffState
from connector.verdicts import Finding, GateVerdict, Lever, Outcome, Readiness

T = TypeVar("T")
LONGEST = 255  # what a text field holds in both CRMs
_ROOM = 20  # " and 12 more"
_HOLDS = frozenset({Outcome.FAIL, Outcome.UNKNOWN})


class Decided(NamedTuple):
    """That part of a verdict which its sentence rests on. `speaking` is the gate it speaks of."""

    readiness: Readiness
    speaking: GateVerdict | None
    gates: tuple[GateVerdict, ...]
    signoffs: tuple[Signoff, ...] = ()
    levers: tuple[Lever, ...] = ()
    keep: bool = False


def sentence(decided: Decided, ground: Ground) -> str:
    """Say what was decided in at most 255 characters; hints go first where it gets too long, reasons never
    without being counted."""
    gate, readiness = decided.speaking, decided.readiness
    if gate is None or readiness is Readiness.NOT_ASSESSED:
        return _no_gate(decided)
    if decided.keep:
        return texts.source_down(gate.label, kept=ground.answered_before)
    match readiness:
        case Readiness.READY | Readiness.EXCEPTION:
            return _ready(gate, decided, ground)
        case Readiness.NEEDS_INFO:
            return _your_turn(gate, decided, ground)
        case Readiness.NEEDS_SIGN_OFF:
            return _waiting(gate, decided, ground)
        case Readiness.BLOCKED:
            return _stopped(gate, decided, ground)
        case _:
            assert_never(readiness)


def _no_gate(decided: Decided) -> str:
    if decided.readiness is Readiness.NOT_ASSESSED:
        return texts.not_checked(texts.no_gate())
    older = [one for one in decided.gates if one.why_clear is ClearedHow.BEFORE_THE_GATE]
    return texts.was_there_before(older[-1].label) if older else texts.all_clear()


def _ready(gate: GateVerdict, decided: Decided, ground: Ground) -> str:
    if not (gate.approvals or gate.waived or decided.signoffs):  # what nearly every deal is
        return cut(texts.ready_for(gate.label))
    said = [
        texts.agreed(by(one, ground.policy), agreed_to(one, gate.needs, ground)) for one in gate.approvals
    ]
    said += _may_stop(gate, decided, ground)
    full = " ".join((texts.ready_for(gate.label), *_exceptions(gate, ground), *said))
    if len(full) <= LONGEST or not gate.approvals:
        return cut(full)
    names = values.listing([by(one, ground.policy) for one in gate.approvals])
    return cut(f"{texts.ready_for(gate.label)} {texts.agreed(names, '')}")


def _exceptions(gate: GateVerdict, ground: Ground) -> list[str]:
    """Say by what exceptions the gate is open, and what is still to be done for it."""
    if not gate.waived and not gate.approvals:
        return []
    year = local(ground.now, ground.policy.calendar).year
    known = {one.id: one for one in ground.context.standing.waivers}
    held = [(known[one.waiver], one) for one in gate.waived if one.waiver in known]
    said = [
        texts.exception(_person(one.by, ground.policy), waived.why, values.day(one.until, year))
        for one, waived in held
    ]
    due = [each for one in gate.approvals for each in open_conditions(one)]
    return [*said, *(texts.on_condition(one.text, values.day(one.due, year)) for one in due)]


def _person(person: str, policy: Policy) -> str:
    return policy.people[person].name if person in policy.people else person


def _your_turn(gate: GateVerdict, decided: Decided, ground: Ground) -> str:
    offers = [said for one in gate.offers for said in _offered(one, ground)]
    asking = [cut(said, 150) for said in _questions(gate, decided, ground)]
    head = " ".join((texts.your_turn(gate.label), *offers, *asking))
    tail = " ".join((*_unknown_hint(gate, ground.policy), *_hint(decided)))
    return _told(head, _holding(gate, ground), tail)


def _offered(offer: Signoff, ground: Ground) -> Iterable[str]:
    """Say what a counter-offer wants: the limit, until when it holds, and on which conditions."""
    year = local(ground.now, ground.policy.calendar).year
    until = "" if offer.valid_until is None else texts.until_day(values.day(offer.valid_until, year))
    yield texts.offer(lever_limit(offer, ground), by(offer, ground.policy), until)
    yield from (texts.on_condition(one.text, values.day(one.due, year)) for one in open_conditions(offer))


def _waiting(gate: GateVerdict, decided: Decided, ground: Ground) -> str:
    reasons = list(dict.fromkeys(for_rep(need, ground) for need in gate.waiting))
    own = next((one for one in gate.findings if one.way), None)
    if own is not None and reasons == [own.why] and not gate.nobody and not _asked(gate, decided):
        return cut(texts.by_yourself(gate.label, own.rep))
    head = _whom(gate, decided, ground)
    hints = (own.way, *_hint(decided)) if own is not None else _hint(decided)

    def said(whys: Sequence[str], more: int) -> str:
        counted = [*whys, texts.and_more(more)] if more else list(whys)
        return head + texts.because("; ".join(counted)) if counted else f"{head}."

    return _fitted(said, reasons, hints)


def _may_stop(gate: GateVerdict, decided: Decided, ground: Ground) -> list[str]:
    rights = [one for one in stopping(decided.signoffs) if one.gate == gate.gate]
    asking = [cut(said, 150) for said in _questions(gate, decided, ground)]
    return [*(texts.may_stop(_people(one, ground), when(one, ground)) for one in rights), *asking]


def _questions(gate: GateVerdict, decided: Decided, ground: Ground) -> list[str]:
    """Say what the rep is asked about this gate."""
    return [
        texts.asks_back(asker(one, ground.policy), one.question)
        for one in decided.signoffs
        if one.gate == gate.gate and one.state is SignoffState.INFO
    ]


def _asked(gate: GateVerdict, decided: Decided) -> tuple[Signoff, ...]:
    return tuple(one for one in open_ones(decided.signoffs) if one.gate == gate.gate)


def _stopped(gate: GateVerdict, decided: Decided, ground: Ground) -> str:
    said = []
    for veto in gate.vetoes:
        who = texts.stopped_by(gate.label, named(veto.decided_by, veto.role, ground.policy))
        said.append(f"{who}: {cut(veto.note, 100).rstrip('.')}." if veto.note else f"{who}.")
    said += _not_allowed(gate, ground)
    return _told(" ".join(said), _holding(gate, ground), " ".join(_hint(decided)))


def _not_allowed(gate: GateVerdict, ground: Ground) -> list[str]:
    """Say what the policy never allows in its own words where a row has them, else by the values."""
    never = [need for need in gate.needs if need.ruling is Ruling.FORBIDDEN]
    if not never:
        return []
    whys = tuple(dict.fromkeys(need.text.rstrip(".") or for_rep(need, ground) for need in never))
    if any(need.text for need in never):
        return [_named(lambda said: texts.never(gate.label, f"{said}."), whys)]
    return [_named(lambda said: texts.not_allowed(gate.label) + texts.because(said), whys)]


def _named(say: Callable[[str], str], whys: tuple[str, ...]) -> str:
    """Name the reasons that leave room to count what else holds the gate, and count the others."""
    for count in range(len(whys), 0, -1):
        more = (texts.and_more(len(whys) - count),) if count < len(whys) else ()
        text = say("; ".join((*whys[:count], *more)))
        if len(text) <= LONGEST - _ROOM:
            return text
    more = (texts.and_more(len(whys) - 1),) if len(whys) > 1 else ()
    return say("; ".join((cut(whys[0], 100), *more)))


def _whom(gate: GateVerdict, decided: Decided, ground: Ground) -> str:
    """Name whom the gate waits for; roles not asked yet by their label."""
    requests = _asked(gate, decided)
    if gate.nobody:
        labels = [_label(role, ground.policy) for role in gate.nobody]
        return texts.nobody_can(gate.label, values.listing(labels))
    asked = [_until(one, ground) for one in requests]
    roles = {one.role for one in requests}
    chains = {ground.policy.roles[role].chain for role in roles if role in ground.policy.roles}
    waits = dict.fromkeys(need.role for need in gate.waiting if need.role)
    rest = [role for role in waits if ground.policy.roles[role].chain not in chains]
    labels = [_label(role, ground.policy) for role in rest]
    if not asked:
        return texts.needs_sign_off(gate.label, values.listing(labels))
    return texts.waiting_for(gate.label, values.listing([*asked, *labels]))


def _until(signoff: Signoff, ground: Ground) -> str:
    """Name who is asked and by when; while the customer is waited for, no hour runs."""
    who = _people(signoff, ground)
    return texts.customer_first(who) if signoff.paused_at else texts.until(who, when(signoff, ground))


def _people(signoff: Signoff, ground: Ground) -> str:
    return values.listing([named(person, signoff.role, ground.policy) for person in waits_for(signoff)])


def _label(role: str, policy: Policy) -> str:
    return policy.roles[role].label if role in policy.roles else role


def _holding(gate: GateVerdict, ground: Ground) -> list[tuple[str, str]]:
    """Return what holds the gate besides people: (label, "") of what is missing, ("", sentence) else."""
    holds = [_held(one, ground.policy) for one in gate.findings if one.outcome in _HOLDS]
    needs = (one for one in gate.needs if one.ruling is Ruling.UNKNOWN)
    unknown = [("", f"{texts.capital(for_rep(one, ground))}.") for one in needs]
    return list(dict.fromkeys((*sorted(holds, key=lambda one: not one[0]), *unknown)))


def _held(finding: Finding, policy: Policy) -> tuple[str, str]:
    if finding.code == "missing" and len(finding.missing) == 1 and finding.missing[0] in policy.fields:
        return policy.fields[finding.missing[0]].label, ""
    return "", finding.rep


def _told(head: str, holding: list[tuple[str, str]], tail: str) -> str:
    def said(items: Sequence[tuple[str, str]], more: int) -> str:
        labels = [label for label, _ in items if label]
        sentences = [text for _, text in items if text]
        if more:
            (labels if labels and not sentences else sentences).append(texts.and_more(more))
        missing = [texts.missing(", ".join(labels))] if labels else []
        return " ".join((head, *missing, *sentences))

    return _fitted(said, holding, (tail,) if tail else ())


def _fitted(said: Callable[[Sequence[T], int], str], items: Sequence[T], hints: Sequence[str]) -> str:
    """Say all with its hints if it fits, else all, else as many as fit and how many more."""
    full = said(items, 0)
    hinted = " ".join((full, *hints))
    if len(hinted) <= LONGEST:
        return hinted
    for count in range(len(items), 0, -1):
        text = said(items[:count], len(items) - count)
        if len(text) <= LONGEST:
            return text
    return cut(said((), len(items)) if items else full)


def cut(text: str, longest: int = LONGEST) -> str:
    """Shorten a text that is too long, and show that it was."""
    return text if len(text) <= longest else f"{text[: longest - 3].rstrip()}..."


def _hint(decided: Decided) -> tuple[str, ...]:
    return tuple(lever.text for lever in decided.levers[:1])


def _unknown_hint(gate: GateVerdict, policy: Policy) -> tuple[str, ...]:
    """Offer "unknown, because ..." where one of the missing fields may be answered so."""
    missing = {name for one in gate.findings if one.outcome is Outcome.FAIL for name in one.missing}
    rules = next((one for one in policy.gates if one.id == gate.gate), None)
    checks = policy.checklists[rules.checklist].checks if rules and rules.checklist else ()
    for spec in checks:
        if not isinstance(spec, RequiredData) or spec.unknown_goes_to is None:
            continue
        if any(rule.may_be_unknown and rule.field in missing for rule in spec.fields):
            return (texts.may_be_unknown(_label(spec.unknown_goes_to, policy)),)
    return ()
