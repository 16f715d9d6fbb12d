"""How a value moved since it was seen: the one comparison behind envelopes, vetoes, lapses and clearances."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.deals import Unreadable, Value
from connector.policy.model import Bound, Policy, Worse
from connector.policy.reads import counts_days, with_dates


class Drift(StrEnum):
    """OTHER: it changed, and the policy names no better direction."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"


def drift(worse: Worse, was: Value, now: Value) -> Drift:
    """Compare two values of one field. What our own source cannot tell has not moved (design 1.4)."""
    if was == now or (isinstance(now, Unreadable) and now.ours):
        return Drift.SAME
    if worse is Worse.NEITHER:
        return Drift.OTHER
    risen = _risen(was, now)
    if risen is None:
        return Drift.OTHER
    return Drift.WORSE if risen is (worse is Worse.HIGHER) else Drift.BETTER


def drifts(policy: Policy, seen: Mapping[str, Value], facts: Mapping[str, Value]) -> Iterable[Drift]:
    """Yield how each seen value moved; fields that the policy no longer names have not, nor have days that
    are counted to a date."""
    for name, was in seen.items():
        field = policy.fields.get(name)
        if field is not None and not counts_days(field):
            yield drift(field.worse, was, facts.get(name))


def dated(seen: Mapping[str, Value], policy: Policy, facts: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values, and beside days that are counted to a date that date: only it can change."""
    return {name: seen[name] if name in seen else facts.get(name) for name in with_dates(seen, policy)}


def better(worse: Worse, one: Value, other: Value) -> Value:
    """Return the better of two values for Operations, `one` where none is."""
    return other if drift(worse, one, other) is Drift.BETTER else one


def bound(name: str, worse: Worse, value: Value) -> Bound | None:
    """Return the one-sided range that is open to the better side, None where there is no such side."""
    if isinstance(value, bool) or not isinstance(value, Decimal | date):
        return None
    if worse is Worse.HIGHER:
        return Bound(name, high=value)
    return Bound(name, low=value) if worse is Worse.LOWER else None


def within(limits: Bound, value: Value) -> bool:
    """Say whether the value lies inside, ends included. What our own source cannot tell has not moved."""
    if isinstance(value, Unreadable):
        return value.ours
    low = limits.low is None or _not_under(value, limits.low)
    return low and (limits.high is None or _not_under(limits.high, value))


def _risen(was: Value, now: Value) -> bool | None:
    if isinstance(was, Decimal) and isinstance(now, Decimal):
        return now > was
    if isinstance(was, date) and isinstance(now, date):
        return now > was
    return None


def _not_under(value: Value, limit: Value) -> bool:
    if isinstance(value, Decimal) and isinstance(limit, Decimal):
        return value >= limit
    return isinstance(value, date) and isinstance(limit, date) and value >= limit
