"""The required data is filled in and well-formed, or the rep wrote why it is not known yet."""

import re
from collections.abc import Mapping
from decimal import Decimal

from connector import values
from connector.checks.case import Case
from connector.checks.derived import currency_of
from connector.deals import Deal, OurField, Unreadable, Value
from connector.policy.model import Field, Home, Policy, RequiredData, RequiredField
from connector.texts import capital, findings
from connector.verdicts import Finding, Outcome

NAME = "required-data"
_UNKNOWN = re.compile(
    r"(?P<about>.*?)\bunknown[\s,;:-]{1,5}because\s+(?P<reason>\S.*)", re.IGNORECASE | re.DOTALL
)
_COUNTED = frozenset({Home.CONTACT, Home.FILE})
_LONGEST = 2000  # characters of a text that are looked at


def check(spec: RequiredData, case: Case) -> tuple[Finding, ...]:
    """Return one finding for each field that is not good, in the policy's order, then one for all others and
    one for those that belong to a later stage."""
    policy, facts = case.policy, case.facts
    currency = currency_of(case.deal, policy)
    bad: list[Finding] = []
    good: dict[str, str] = {}
    labels: list[str] = []
    later: list[str] = []
    for rule in spec.fields:
        if rule.due is not None and not is_due(rule.due, case):
            later.append(rule.field)
            continue
        value, field = facts[rule.field], policy.fields[rule.field]
        text = values.say(value, field.type, currency)
        finding = None if _is_plainly_good(rule, value) else _finding(spec, rule, case, text)
        if finding is not None:
            bad.append(finding)
            continue
        good[rule.field] = text
        labels.append(field.label)
    filled = (_filled(spec, labels, good),) if good else ()
    return (*bad, *filled, *((_later(spec, policy, later),) if later else ()))


def is_due(stage: str, case: Case) -> bool:
    """Say whether what belongs to this stage is held against the deal at the gate: not before its stage. A
    stage that the pipeline does not have is no reason to wait."""
    there, gate = case.pipeline.place(stage), case.pipeline.place(case.gate.stage)
    return there is None or gate is None or there <= gate


def unknown_because(text: str) -> str | None:
    """Return the reason of a legal "unknown, because ..." answer, None where the text is not one."""
    found = _UNKNOWN.match(text[:_LONGEST]) if "unknown" in text.casefold() else None
    return found["reason"].strip() if found else None


def _is_plainly_good(rule: RequiredField, value: Value) -> bool:
    """Say at little cost what nearly every field of nearly every deal is."""
    if rule.pattern is not None:
        return False
    if isinstance(value, str):
        return "unknown" not in value.casefold()
    return isinstance(value, Decimal) and value != 0  # no contact, no file is none


def _is_none(value: Value, field: Field) -> bool:
    """Say whether no contact has the role, no file the name."""
    return field.home in _COUNTED and value == 0


def _filled_otherwise(rule: RequiredField, facts: Mapping[str, Value], policy: Policy) -> bool:
    """Say whether another field that is as good is filled in."""
    return any(
        _fault(rule, facts[name], str(facts[name]), policy.fields[name]) is None for name in rule.otherwise
    )


def _filled(spec: RequiredData, labels: list[str], good: Mapping[str, str]) -> Finding:
    said, seen = findings.filled_in(labels), tuple(good.items())
    return Finding(
        NAME, "filled", Outcome.PASS, said, said, tuple(good), seen=seen, where=spec.where
    )  # fmt: skip


def _later(spec: RequiredData, policy: Policy, names: list[str]) -> Finding:
    dues = {rule.field: rule.due for rule in spec.fields}
    due = [findings.due_in(policy.fields[name].label, dues[name] or "") for name in names]
    sentence = findings.not_due(due)
    return Finding(
        NAME, "not-due", Outcome.NOT_APPLICABLE, sentence, sentence, tuple(names), where=spec.where
    )  # fmt: skip


def _finding(spec: RequiredData, rule: RequiredField, case: Case, text: str) -> Finding | None:
    """Return what is to be said about one field, None where it, or another as good, is filled in well."""
    policy, value = case.policy, case.facts[rule.field]
    if _filled_otherwise(rule, case.facts, policy):
        return None
    reason = _reason(spec, rule, policy, case.deal, value)
    field = policy.fields[rule.field]
    fault = _fault(rule, value, text, field) if reason is None else None
    if reason is None and fault is None:
        return None
    blank = Finding(
        NAME, "", Outcome.FAIL, "", "", (field.name,), seen=((field.name, text),), where=rule.where
    )  # fmt: skip
    if reason is not None:
        why = findings.why_not_known_yet(field.label, reason)
        return _unknown_because(blank, capital(field.label), reason, spec, policy)._replace(why=why)
    if isinstance(value, Unreadable) and value.ours:
        return _source_down(blank, capital(field.label), value)
    return _not_good(blank, field, *fault) if fault else None


def _fault(rule: RequiredField, value: Value, text: str, field: Field) -> tuple[str, str] | None:
    """Return the code and the sentence on what is wrong, None where the value is good."""
    label = capital(field.label)
    if value is None or _is_none(value, field):
        return "missing", findings.is_missing(label)
    if isinstance(value, Unreadable):
        return "unreadable", findings.cannot_be_used(label, value.reason)
    if isinstance(value, str) and unknown_because(value) is not None:
        return "missing", findings.must_be_known(label)
    if rule.pattern is not None and re.fullmatch(rule.pattern, text) is None:
        return "malformed", findings.must_look_like(label, text, rule.pattern)
    return None


def _not_good(blank: Finding, field: Field, code: str, sentence: str) -> Finding:
    """A fault other than a missing value quotes it, which is not for the rep where the field is hidden."""
    rep = findings.not_as_it_should(field.label) if field.hidden and code != "missing" else sentence
    return blank._replace(code=code, outcome=Outcome.FAIL, rep=rep, ops=sentence, missing=blank.reads)


def _source_down(blank: Finding, label: str, value: Unreadable) -> Finding:
    rep, ops = findings.source_down(label, value.reason)
    return blank._replace(code="source-down", outcome=Outcome.UNKNOWN, rep=rep, ops=ops, ours=True)


def _unknown_because(blank: Finding, label: str, reason: str, spec: RequiredData, policy: Policy) -> Finding:
    role = policy.roles[spec.unknown_goes_to or ""]
    rep, ops = findings.not_known_yet(label, reason, role.label)
    return blank._replace(code="unknown-because", outcome=Outcome.SIGN_OFF, rep=rep, ops=ops, role=role.id)


def _reason(spec: RequiredData, rule: RequiredField, policy: Policy, deal: Deal, value: Value) -> str | None:
    """Return why the field is not known: as written into it, or into the rep's case."""
    if spec.unknown_goes_to is None or not rule.may_be_unknown:
        return None
    if isinstance(value, str):
        return unknown_because(value)
    if value is not None and not _is_none(value, policy.fields[rule.field]):
        return None
    wanted = {one.field: policy.fields[one.field] for one in spec.fields}
    lines = deal.shown.get(OurField.REQUEST_NOTE, "")[:_LONGEST].splitlines()
    found = (_UNKNOWN.match(line) for line in lines)
    return next(
        (one["reason"].strip() for one in found if one and _speaks_of(one["about"], rule.field, wanted)), None
    )


def _speaks_of(about: str, name: str, wanted: Mapping[str, Field]) -> bool:
    """Say whether the words before "unknown" name this field, or none of the required ones."""
    text = about.casefold()
    named = {one for one, field in wanted.items() if one in text or field.label.casefold() in text}
    return name in named or not named
