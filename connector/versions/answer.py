"""What a gate answers, in one word that can be compared: who is needed, or what is missing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from connector import values
from connector.deals import Unreadable
from connector.policy.model import Policy, Role, Ruling
from connector.verdicts import Finding, GateVerdict, Need, Outcome, Readiness


class Kind(StrEnum):
    """Ordered from the mildest to the strictest."""

    CLEAR = "clear"
    SIGN_OFF = "sign-off"
    MISSING = "missing"
    STOPPED = "stopped"
    FORBIDDEN = "forbidden"


class Direction(StrEnum):
    LOOSER = "looser"
    TIGHTER = "tighter"
    NEITHER = "neither"


_ORDER = tuple(Kind)
_HOLDS = frozenset({Outcome.FAIL, Outcome.UNKNOWN})
_BY_WHAT_IS_KNOWN = frozenset({"full", "start-over"})  # the field that they name is the way out


@dataclass(frozen=True, slots=True)
class Answer:
    """`roles` sign (one of each chain) or have said no, or the deal is held: `missing` names the inputs that
    are not known, `faults` what a check says against it."""

    kind: Kind
    roles: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


CLEAR = Answer(Kind.CLEAR)


def of_gate(gate: GateVerdict) -> Answer:
    """Return the answer of one gate of a verdict."""
    if gate.clear:
        return CLEAR
    match gate.readiness:
        case Readiness.BLOCKED:
            return _stopped(gate)
        case Readiness.NEEDS_SIGN_OFF:
            return Answer(Kind.SIGN_OFF, _roles(gate.waiting))
        case Readiness.NEEDS_INFO:
            return _the_reps_turn(gate)
        case Readiness.READY | Readiness.EXCEPTION | Readiness.NOT_ASSESSED:
            return CLEAR
        case _:
            assert_never(gate.readiness)


def _the_reps_turn(gate: GateVerdict) -> Answer:
    """Return what is missing, else which word of an approver the rep has to answer."""
    held = _held(gate.findings, gate.needs)
    if held.missing or held.faults:
        return held
    if gate.offers:
        return replace(held, faults=("a counter-offer that the rep has not taken",))
    return replace(held, faults=("a question to the rep",)) if gate.waiting else held


def _stopped(gate: GateVerdict) -> Answer:
    """Tell what the policy never allows from what somebody said no to."""
    if not gate.vetoes or any(need.ruling is Ruling.FORBIDDEN for need in gate.needs):
        return Answer(Kind.FORBIDDEN)
    return Answer(Kind.STOPPED, tuple(sorted({veto.role for veto in gate.vetoes})))


def of_part(findings: tuple[Finding, ...], needs: tuple[Need, ...], roles: Mapping[str, Role]) -> Answer:
    """Return what these findings, and these needs of the same part of a gate, come to."""
    answer = of_needs(needs, roles)
    held = _held(findings, needs)
    if answer.kind is Kind.FORBIDDEN or not (held.missing or held.faults):
        return answer
    return held


def of_needs(needs: Iterable[Need], roles: Mapping[str, Role]) -> Answer:
    """Return what these needs of a matrix come to; in each chain only the highest role counts."""
    asked = tuple(needs)
    if any(need.ruling is Ruling.FORBIDDEN for need in asked):
        return Answer(Kind.FORBIDDEN)
    if any(need.ruling is Ruling.UNKNOWN for need in asked):
        missing = dict.fromkeys(name for need in asked for name in need.missing)
        return Answer(Kind.MISSING, missing=tuple(missing))
    highest: dict[str, str] = {}
    for need in asked:
        role = roles.get(need.role or "")
        if need.ruling is not Ruling.SIGN_OFF or role is None:
            continue
        known = roles.get(highest.get(role.chain, ""))
        if known is None or role.level > known.level:
            highest[role.chain] = role.id
    return Answer(Kind.SIGN_OFF, tuple(sorted(highest.values()))) if highest else CLEAR


def direction(was: Answer, now: Answer, before: Policy, after: Policy) -> Direction:
    """Say whether the new answer asks for less or for more than the old one."""
    if was.kind is not now.kind:
        milder = _ORDER.index(now.kind) < _ORDER.index(was.kind)
        return Direction.LOOSER if milder else Direction.TIGHTER
    old, new = _levels(was.roles, before), _levels(now.roles, after)
    less = any(new.get(chain, -1) < level for chain, level in old.items())
    more = any(old.get(chain, -1) < level for chain, level in new.items())
    if less == more:
        return Direction.NEITHER
    return Direction.LOOSER if less else Direction.TIGHTER


def words(answer: Answer, policy: Policy) -> str:
    """Say the answer: "nobody is needed", "Operations signs", "Operations said no", "not allowed"."""
    match answer.kind:
        case Kind.CLEAR:
            return "nobody is needed"
        case Kind.SIGN_OFF:
            return f"{_roles_of(answer, policy)} {'sign' if len(answer.roles) > 1 else 'signs'}"
        case Kind.STOPPED:
            return f"{_roles_of(answer, policy)} said no"
        case Kind.MISSING:
            parts = (_labels(answer.missing, policy), values.listing(answer.faults))
            return f"held: {'; '.join(part for part in parts if part) or 'no rule covers it'}"
        case Kind.FORBIDDEN:
            return "not allowed"
        case _:
            assert_never(answer.kind)


def _roles_of(answer: Answer, policy: Policy) -> str:
    return values.listing([policy.roles[one].label if one in policy.roles else one for one in answer.roles])


def rules(verdict: GateVerdict) -> tuple[str, ...]:
    """Return what holds a deal at the gate: the check and its fields, or the row of the matrix."""
    return tuple(dict.fromkeys(_rules(verdict)))


def _rules(verdict: GateVerdict) -> Iterator[str]:
    for one in verdict.findings:
        if one.outcome in _HOLDS:
            yield ": ".join((one.check, ", ".join(one.missing or one.reads) or one.code))
    for need in verdict.needs:
        if need.ruling in {Ruling.SIGN_OFF, Ruling.FORBIDDEN}:
            yield f"{need.matrix}: {need.row}"
        elif need.ruling is Ruling.UNKNOWN:
            yield f"{need.matrix}: {', '.join(need.missing) or _hole(need)} not known"


def _roles(needs: Iterable[Need]) -> tuple[str, ...]:
    return tuple(sorted({need.role for need in needs if need.role}))


def _hole(need: Need) -> str:
    unread = [name for name, value in need.seen.items() if value is None or isinstance(value, Unreadable)]
    return ", ".join(unread) if need.ours else "no row"


def _held(findings: tuple[Finding, ...], needs: tuple[Need, ...]) -> Answer:
    holding = [one for one in findings if one.outcome in _HOLDS]
    named = [name for one in holding for name in _unknown(one)]
    named += [name for need in needs if need.ruling is Ruling.UNKNOWN for name in need.missing]
    faults = (_fault(one) for one in holding if not _unknown(one))
    return Answer(Kind.MISSING, missing=tuple(dict.fromkeys(named)), faults=tuple(dict.fromkeys(faults)))


def _fault(finding: Finding) -> str:
    """Say what a check says; where our own source is down, nothing becomes of it (design 1.4)."""
    said = f"{finding.check} says {finding.code}"
    return f"{said}, so the last answer stays" if finding.ours else said


def _unknown(finding: Finding) -> tuple[str, ...]:
    """Return the inputs that a finding waits for: none where it fails by what is known, or where our own
    source is down."""
    if finding.code in _BY_WHAT_IS_KNOWN:
        return ()
    if finding.code == "effort-unknown":
        return ("effort",)
    waits = finding.outcome is Outcome.UNKNOWN and not finding.ours
    return finding.missing or (finding.reads if waits else ())


def _levels(roles: Iterable[str], policy: Policy) -> dict[str, int]:
    known = [policy.roles[role] for role in roles if role in policy.roles]
    return {role.chain: role.level for role in known}


def _labels(names: Iterable[str], policy: Policy) -> str:
    said = [policy.fields[name].label if name in policy.fields else name for name in names]
    return f"{values.listing(said)} not known" if said else ""
