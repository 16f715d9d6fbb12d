"""What an answer of HubSpot means: usable, worth another try, unsure, refused, or wrong in itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from connector.adapters.hubspot.paths import Route
from connector.adapters.hubspot.transport import Reply
from connector.errors import CrmError, CrmRefused, CrmUnavailable

LOCKED = 423
_LIMITED = 429
MIGRATING = 477  # https://developers.hubspot.com/docs/api/error-handling: Retry-After in seconds, up to a day
TOO_MANY = frozenset({_LIMITED, MIGRATING})  # said to all of the account's workers, whoever asks
DAY_LIMIT_PAUSE = 3600.0  # HubSpot's day ends at the account's midnight, which it does not tell: ask hourly
_LOCK_PAUSE = 2.0
_BURST_PAUSE = 10.0
_NO_SUCH_PROPERTY = frozenset({"PROPERTY_DOESNT_EXIST"})


@dataclass(slots=True, eq=False)
class Unsure(CrmUnavailable):
    """It was sent, and what became of it is unknown. Only raised for calls that must not be sent twice."""

    reason: str = "hubspot-unsure"


@dataclass(slots=True, eq=False)
class Rejected(CrmError):
    """HubSpot refuses this request for what is in it. `category` and `codes` are HubSpot's own words."""

    reason: str = "hubspot-rejected"
    status: int = 400
    category: str = ""
    codes: frozenset[str] = frozenset()

    @property
    def blames_all(self) -> bool:
        """Tell whether every row of a batch is hit alike: a property that all of them write is missing."""
        return bool(self.codes & _NO_SUCH_PROPERTY)


@dataclass(frozen=True, slots=True)
class Answer:
    """A usable answer. `status` 207 means that some rows failed."""

    status: int
    data: Mapping[str, Any]
    headers: Mapping[str, str]


def judge(route: Route, reply: Reply, now: datetime) -> Answer:
    """Return the answer or raise CrmRefused, CrmUnavailable, Unsure or Rejected."""
    data = _parsed(reply.body)
    if data is None:
        raise _lost(route, "hubspot-not-json", f"HubSpot answered {reply.status}, but not in JSON.")
    if 200 <= reply.status < 300:
        return Answer(reply.status, data, reply.headers)
    if reply.status in (401, 403):
        raise _refused(reply.status, data)
    if reply.status in (_LIMITED, LOCKED, MIGRATING):
        raise _later(reply, data, now)
    if reply.status in (408, 425) or reply.status >= 500:
        raise _lost(route, "hubspot-down", f"HubSpot answered {reply.status}.", _retry_after(reply) or 0.0)
    raise rejection(data, reply.status)


def rejection(data: Mapping[str, Any], status: int = 400) -> Rejected:
    """Make one error of HubSpot's error body, or of one row's error in a 207."""
    errors = [error for error in data.get("errors") or () if isinstance(error, dict)]
    codes = frozenset(str(error["code"]) for error in errors if error.get("code"))
    category = str(data.get("category") or "")
    word = next(iter(sorted(codes)), category or f"http-{status}")
    said = str(data.get("message") or "HubSpot refused without a reason.")[:300]
    ours = bool(category or codes or not status)  # each answer of HubSpot that says no has a category
    return Rejected(
        said if ours else f"HubSpot answered {status}: {said}",
        hint="" if ours else "Check HUBSPOT_API_URL, where it is set.",
        reason=f"hubspot-{word.lower().replace('_', '-')}",
        status=status,
        category=category,
        codes=codes,
    )


def _parsed(body: bytes) -> Mapping[str, Any] | None:
    if not body:
        return {}
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return data if isinstance(data, dict) else None


def _lost(route: Route, reason: str, message: str, retry_after: float = 0.0) -> CrmUnavailable:
    if route.repeatable:
        return CrmUnavailable(message, reason=reason, retry_after=retry_after)
    return Unsure(message, reason=reason)


def _refused(status: int, data: Mapping[str, Any]) -> CrmRefused:
    message = str(data.get("message") or "")[:300]
    if status == 401:
        return CrmRefused(
            f"HubSpot does not accept the access token. {message}".strip(),
            hint="Set HUBSPOT_ACCESS_TOKEN to the token on the app's Auth tab.",
            reason="hubspot-token-refused",
        )
    return CrmRefused(
        f"HubSpot does not let the app do this. {message}".strip(),
        hint="Give the app the scope that is named, then install it again.",
        reason="hubspot-scope-missing",
    )


def _later(reply: Reply, data: Mapping[str, Any], now: datetime) -> CrmUnavailable:
    told = _retry_after(reply)
    if reply.status == LOCKED:
        pause = max(told or 0.0, _LOCK_PAUSE)
        return CrmUnavailable("The record is locked.", reason="hubspot-locked", retry_after=pause)
    if reply.status == MIGRATING:
        return CrmUnavailable(
            "HubSpot is moving this account.", reason="hubspot-migrating", retry_after=told or DAY_LIMIT_PAUSE
        )
    if data.get("policyName") == "DAILY":
        pause = told or min(_until_midnight(now), DAY_LIMIT_PAUSE)
        return CrmUnavailable("The day's calls are used up.", reason="hubspot-daily-limit", retry_after=pause)
    interval = _number(reply.headers.get("x-hubspot-ratelimit-interval-milliseconds"))
    pause = told if told is not None else (interval / 1000 if interval else _BURST_PAUSE)
    if data.get("policyName") == "SECONDLY" and told is None:
        pause = 1.0
    return CrmUnavailable("Too many calls at once.", reason="hubspot-rate-limit", retry_after=pause)


def _retry_after(reply: Reply) -> float | None:
    return _number(reply.headers.get("retry-after"))


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < 172_800 else None


def _until_midnight(now: datetime) -> float:
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (tomorrow - now).total_seconds()
