"""The formulas of the package: the gate, the stamps, and when a flow rings."""

import re
from collections.abc import Iterable

from connector.adapters.salesforce.fields import (
    AMOUNT_MAX,
    AMOUNT_MIN,
    ANSWERED,
    ASKED_AT,
    ASKED_BY,
    BYPASS,
    CLEAR,
    CLOSE_MIN,
    DECIDED_AT,
    DECIDED_BY,
    OUR_FIELDS,
    SETTING,
    SETTING_HEARTBEAT,
    SETTING_OFF,
    SETTING_OPEN_AFTER,
    SILENT,
    TASK_DECISION,
    TASK_KEY,
    TASK_LIMIT,
    TASK_UNTIL,
    UNTIL,
    CustomField,
)
from connector.adapters.salesforce.ranges import RangeField
from connector.deals import OurField
from connector.errors import ConfigurationError

LONGEST = 3900  # https://help.salesforce.com/s/articleView?id=platform.formula_field_limits.htm
_BYPASS = f"$Permission.{BYPASS}"
_LISTED = OUR_FIELDS[OurField.BLOCKED_STAGES].name
_NAMES = re.compile(r"\$\w+(?:\.\w+)+|\b(?!AND\b|OR\b|NOT\b|TEXT\b)[A-Za-z]\w*\b(?!\()")
_RINGING = ("StageName", "Amount", "CloseDate", "OwnerId", "AccountId")
_HANDED = ("Status", "OwnerId")  # a task that is closed undecided, or passed on, is asked about again


def gate(fields: Iterable[RangeField], *, multi_currency: bool) -> str:
    """Return the gate's rule: true refuses the save. A listed stage is entered only inside the agreed range,
    and both are taken from what was there before this save (design 6).

    Raise ConfigurationError where the policy has more fields than a formula can hold.
    """
    inside = [
        f"PRIORVALUE({CLEAR.name})",
        *_within("Amount", AMOUNT_MIN, AMOUNT_MAX),
        *_within("CloseDate", CLOSE_MIN, None),
        f"OR(ISBLANK({_prior(UNTIL)}), TODAY() <= {_prior(UNTIL)})",
        *(test for field in fields for test in _in_range(field)),
        # another currency makes another amount of the same number
        *(["NOT(ISCHANGED(CurrencyIsoCode))"] if multi_currency else []),
    ]
    rule = _all(
        f"NOT({_BYPASS})",
        f"NOT($Setup.{SETTING}.{SETTING_OFF.name})",
        _alive(),
        "ISCHANGED(StageName)",
        f'CONTAINS(PRIORVALUE({_LISTED}), ";" & TEXT(StageName) & ";")',
        f"NOT({_all(*inside, depth=1)})",
    )
    if len(rule) > LONGEST:
        raise ConfigurationError(
            f"The policy's fields make a rule of {len(rule)} characters; Salesforce takes {LONGEST}.",
            "fields",
            "Give `change: ignore` to fields that no gate depends on.",
            "rule-too-long",
        )
    return rule


def strict() -> str:
    """Return the strict rule: no stage but a lost one, while nobody has looked at the deal or Dealgate is
    silent."""
    checked = f"ISBLANK(PRIORVALUE({OUR_FIELDS[OurField.CHECKED_AT].name}))"
    return _all(
        f"NOT({_BYPASS})",
        f"NOT($Setup.{SETTING}.{SETTING_OFF.name})",
        "ISCHANGED(StageName)",
        "OR(IsWon, NOT(IsClosed))",
        f"OR({checked}, {SILENT.name})",
    )


def in_flow(rule: str) -> str:
    """Write a rule as flows spell it: {!$Record.Field} for a field, {!$Permission.Name} for a global."""
    return _NAMES.sub(lambda match: f"{{!{_in_flow(match.group())}}}", rule)


def _in_flow(name: str) -> str:
    return name if name.startswith("$") else f"$Record.{name}"


def stamps() -> str:
    """Return the rule of the stamps: true refuses the save. Only the flow that runs just before writes them,
    so a stamp comes with a decision and names the user who saves it."""
    by, at = DECIDED_BY.name, DECIDED_AT.name
    born = f"OR(NOT(ISBLANK(TEXT({TASK_DECISION.name}))), NOT(ISBLANK({by})), NOT(ISBLANK({at})))"
    touched = f"OR(ISCHANGED({by}), ISCHANGED({at}))"
    return f"IF(ISNEW(),\n  {born},\n  IF({_decided('')},\n    {_anothers(by)},\n    {touched}))"


def asked_stamps() -> str:
    """Return the rule of the request's stamps: true refuses the save. A copied deal may carry them."""
    by = ASKED_BY.name
    return f"IF(ISNEW(),\n  FALSE,\n  IF({_asked('')},\n    {_anothers(by)},\n    ISCHANGED({by})))"


def _anothers(by: str) -> str:
    """Write "the stamp names somebody else than who saves"; ids have 15 or 18 characters, depending on where
    they are read."""
    return f"AND(NOT(ISBLANK({by})), LEFT({by}, 15) <> LEFT($User.Id, 15))"


def decided() -> str:
    """Return when a task is stamped: the answer changed, or how far it goes."""
    return _decided("$Record.")


def asked() -> str:
    """Return when a deal is stamped: something is said to Operations. A new text alone does not show here,
    for formulas do not read long texts; so the panel touches the time with every word."""
    return _asked("$Record.")


def deal_created() -> str:
    """Return when a new deal rings: always, except for our own user."""
    return f"NOT({{!{_BYPASS}}})"


def deal_changed(fields: Iterable[str], *, multi_currency: bool, record_types: bool) -> str:
    """Return when a changed deal rings: a field that people write changed, these among them, and not by our
    own user. Raise ConfigurationError where the policy has more fields than a formula can hold."""
    names = [
        *_RINGING,
        OUR_FIELDS[OurField.REQUEST].name,
        ASKED_AT.name,
        *(["CurrencyIsoCode"] if multi_currency else []),
        *(["RecordTypeId"] if record_types else []),
        *fields,
    ]
    when = f"AND({deal_created()}, {_changed('$Record.', names)})"
    if len(when) > LONGEST:
        raise ConfigurationError(
            f"The fields that the gates read make a flow condition of {len(when)} characters; Salesforce "
            f"takes {LONGEST}.",
            "fields",
            "Take fields out of the policy that no gate needs.",
            "condition-too-long",
        )
    return when


def task_changed() -> str:
    """Return when one of our tasks rings: its decision, limit, reason, last day, status or owner changed, and
    not by our own user."""
    keyed = f"NOT(ISBLANK({{!$Record.{TASK_KEY.name}}}))"
    names = [*(one.name for one in ANSWERED), *_HANDED]
    return f"AND({deal_created()}, {keyed}, {_changed('$Record.', names)})"


def _decided(prefix: str) -> str:
    return _changed(prefix, [TASK_DECISION.name, TASK_LIMIT.name, TASK_UNTIL.name])


def _asked(prefix: str) -> str:
    """Write "something is said": emptying the request is how the connector says that it has heard."""
    request = OUR_FIELDS[OurField.REQUEST].name
    name = f"{{!{prefix}{request}}}" if prefix else request
    return f"AND(NOT(ISBLANK(TEXT({name}))), {_changed(prefix, [request, ASKED_AT.name])})"


def _changed(prefix: str, names: Iterable[str]) -> str:
    """Write "one of these changed"; flows name fields as {!$Record.Field}, rules by their plain names."""
    written = (f"{{!{prefix}{name}}}" if prefix else name for name in names)
    return f"OR({', '.join(f'ISCHANGED({name})' for name in written)})"


def _alive() -> str:
    """Write "the connector is alive, or the admin keeps the stages closed when it is not"."""
    hours, beat = (f"$Setup.{SETTING}.{field.name}" for field in (SETTING_OPEN_AFTER, SETTING_HEARTBEAT))
    recent = f"(NOW() - {beat}) * 24 <= BLANKVALUE({hours}, 0)"
    return f"OR(BLANKVALUE({hours}, 0) <= 0, AND(NOT(ISBLANK({beat})), {recent}))"


def _in_range(field: RangeField) -> tuple[str, ...]:
    if field.steady:
        return (f"NOT(ISCHANGED({field.name}))",)
    return _within(field.name, field.low, field.high)


def _within(name: str, low: CustomField | None, high: CustomField | None) -> tuple[str, ...]:
    """Write "not emptied by this save, and between the limits that are set"."""
    tests = [f"NOT(AND(ISCHANGED({name}), ISBLANK({name})))"]
    for limit, sign in ((low, ">="), (high, "<=")):
        if limit is not None:
            held = f"AND(NOT(ISBLANK({name})), {name} {sign} {_prior(limit)})"
            tests.append(f"OR(ISBLANK({_prior(limit)}), {held})")
    return tuple(tests)


def _prior(field: CustomField) -> str:
    return f"PRIORVALUE({field.name})"


def _all(*tests: str, depth: int = 0) -> str:
    indent = "  " * (depth + 1)
    return f"AND(\n{indent}" + f",\n{indent}".join(tests) + ")"
