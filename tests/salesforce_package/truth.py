"""The truth table of the gate's rule: every situation, the save that it is, and what must become of it.

The model `refused` says it in the words of design 6; it shares nothing with the formula.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations, product

from sandbox.salesforce.formula import Save, Value

FLAG = (False, True)
DIMENSIONS: dict[str, tuple[object, ...]] = {
    "stage": ("new", "changed", "unchanged"),
    "listed": FLAG,
    "range": ("none", "open", "limits", "past"),
    "amount": ("inside", "at-max", "above", "below", "emptied"),
    "close": ("inside", "before"),
    "field": ("inside", "users-above", "users-emptied", "start-before", "address-emptied", "region-changed"),
    "same_save": ("nothing", "list-cleared", "range-opened", "range-closed"),
    "bypass": FLAG,
    "off": FLAG,
    "beat": ("fresh", "old-keep", "old-open", "fresh-open", "never-open"),
}


@dataclass(frozen=True, slots=True)
class Situation:
    stage: str
    listed: bool
    range: str
    amount: str
    close: str
    field: str
    same_save: str
    bypass: bool
    off: bool
    beat: str


# A rep who moves a deal inside its limits.
ORDINARY = Situation(
    "changed", True, "limits", "inside", "inside", "inside", "nothing", bypass=False, off=False, beat="fresh"
)


def situations(oddities: int = len(DIMENSIONS)) -> Iterator[Situation]:
    """Yield every combination that differs from the ordinary one in at most so many respects."""
    for count in range(oddities + 1):
        for names in combinations(DIMENSIONS, count):
            for values in product(*map(_odd, names)):
                yield replace(ORDINARY, **dict(zip(names, values, strict=True)))  # type: ignore[arg-type]


def _odd(name: str) -> tuple[object, ...]:
    return tuple(value for value in DIMENSIONS[name] if value != getattr(ORDINARY, name))


def refused(one: Situation) -> bool:
    """Say whether Salesforce must refuse the save."""
    if one.bypass or one.off or one.beat in {"old-open", "never-open"}:
        return False
    if one.stage != "changed" or not one.listed:
        return False
    return not _inside(one)


def _inside(one: Situation) -> bool:
    if one.range in {"none", "past"}:
        return False
    if "emptied" in one.amount or one.field in {"users-emptied", "address-emptied", "region-changed"}:
        return False
    limited = one.range == "limits"
    outside = (
        one.amount in {"above", "below"}
        or one.close == "before"
        or one.field in {"users-above", "start-before"}
    )
    return not (limited and outside)


def save(one: Situation, now: datetime) -> Save:
    """Return the save that the situation describes."""
    before = _before(one, now)
    after = {**before, **_edits(one, now)}
    return Save(after, None if one.stage == "new" else before, now, _globals(one, now))


def _before(one: Situation, now: datetime) -> dict[str, Value]:
    today = now.date()
    limits: dict[str, Value] = {
        "Ops_Clear_Amount_Min__c": Decimal(10_000),
        "Ops_Clear_Amount_Max__c": Decimal(50_000),
        "Ops_Clear_Close_Min__c": today + timedelta(days=30),
        "Ops_Range_Number_Of_Users_Max__c": Decimal(40),
        "Ops_Range_Start_Date_Min__c": today + timedelta(days=60),
    }
    days = {"past": -2, "limits": 2}.get(one.range)
    return {
        "StageName": "Contract" if one.stage == "unchanged" else "Proposal",
        "Amount": Decimal(20_000),
        "CloseDate": today + timedelta(days=90),
        "Number_Of_Users__c": Decimal(20),
        "Start_Date__c": today + timedelta(days=90),
        "Delivery_Address__c": "Dam 1, Amsterdam",
        "Region__c": "EMEA",
        "Ops_Blocked_Stages__c": ";Contract;Closed Won;" if one.listed else ";Closed Won;",
        "Ops_Clear__c": one.range != "none",
        "Ops_Clear_Until__c": None if days is None else today + timedelta(days=days),
        **(limits if one.range == "limits" else dict.fromkeys(limits)),
    }


def _edits(one: Situation, now: datetime) -> dict[str, Value]:
    today = now.date()
    amounts = {
        "at-max": Decimal(50_000),
        "above": Decimal("50000.01"),
        "below": Decimal(9_999),
        "emptied": None,
    }
    changes: dict[str, tuple[str, Value]] = {
        "users-above": ("Number_Of_Users__c", Decimal(41)),
        "users-emptied": ("Number_Of_Users__c", None),
        "start-before": ("Start_Date__c", today + timedelta(days=59)),
        "address-emptied": ("Delivery_Address__c", None),
        "region-changed": ("Region__c", "APAC"),
    }
    edits: dict[str, Value] = {"StageName": "Contract"}
    if one.amount in amounts:
        edits["Amount"] = amounts[one.amount]
    if one.close == "before":
        edits["CloseDate"] = today + timedelta(days=29)
    if one.field in changes:
        name, value = changes[one.field]
        edits[name] = value
    return edits | _same_save(one)


def _same_save(one: Situation) -> dict[str, Value]:
    """Return the edits of somebody who tries to open the gate in the save that goes through it."""
    wide = dict.fromkeys(
        (
            "Ops_Clear_Amount_Min__c",
            "Ops_Clear_Amount_Max__c",
            "Ops_Clear_Close_Min__c",
            "Ops_Clear_Until__c",
            "Ops_Range_Number_Of_Users_Max__c",
            "Ops_Range_Start_Date_Min__c",
        )
    )
    tricks: dict[str, dict[str, Value]] = {
        "list-cleared": {"Ops_Blocked_Stages__c": None},
        "range-opened": {"Ops_Clear__c": True, **wide},
        "range-closed": {"Ops_Clear__c": False},
    }
    return tricks.get(one.same_save, {})


def _globals(one: Situation, now: datetime) -> dict[str, Value]:
    fresh = one.beat.startswith("fresh")
    heard = None if one.beat.startswith("never") else now - timedelta(hours=1 if fresh else 48)
    return {
        "$Permission.Dealgate_Bypass": one.bypass,
        "$Setup.Dealgate__c.Off__c": one.off,
        "$Setup.Dealgate__c.Heartbeat__c": heard,
        "$Setup.Dealgate__c.Open_After_Hours__c": Decimal(24) if one.beat.endswith("open") else None,
    }


def without_blanks(one: Save) -> Save:
    """Return the same save where formulas read blank numbers as zero."""
    return replace(one, zeroes=frozenset({"Amount", "Number_Of_Users__c"}))
