"""The moves of sign-offs as the ledger keeps them: who did what by which right, and what he saw.

"Had he the authority that day?" is answered from the entry alone, whatever the policy says later.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from connector.deals import Value
from connector.standing import CLOCK, ENGINE, OPEN, Signoff, SignoffState
from connector.store.chain import Note
from connector.verdicts import Verdict

_S = SignoffState
_EVENTS: Mapping[SignoffState, str] = {
    _S.WAITING: "waits-for-its-turn",
    _S.REQUESTED: "asked",
    _S.INFO: "question",
    _S.APPROVED: "yes",
    _S.REJECTED: "no",
    _S.WITHDRAWN: "withdrawn",
    _S.EXPIRED: "expired",
    _S.SUPERSEDED: "superseded",
}

_SAID = frozenset({"question", "reply", "paused", "resumed", "condition-met"})  # by somebody's word alone

_STOPPING: Mapping[SignoffState, str] = {_S.REQUESTED: "may-stop", _S.EXPIRED: "let-pass"}


def identity(signoff: Signoff) -> str:
    """Write which sign-off of its deal it is."""
    return f"{signoff.gate}/{signoff.role}/{signoff.cycle}"


def moves(
    verdict: Verdict,
    before: Iterable[Signoff],
    after: Iterable[Signoff],
    movers: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Note]:
    """Yield one note for each sign-off that moved between two states of the record. `movers` are the people
    whose word moved it, by `identity`."""
    known = {identity(one): one for one in before}
    for one in after:
        was = known.get(identity(one))
        event = _event(was, one)
        if event is not None:
            yield _note(verdict, event, was, one, movers.get(identity(one)))


def _event(was: Signoff | None, now: Signoff) -> str | None:
    """Name what happened, None for nothing."""
    if was is not None and was.state is _S.INFO and now.state in {_S.REQUESTED, _S.EXPIRED}:
        return _ended(now)
    if now.stops is not None and (was is None or was.state is not now.state) and now.state in _STOPPING:
        return _STOPPING[now.state]
    if was is None or was.state is not now.state:
        return _EVENTS[now.state]
    if now.decided_at != was.decided_at:
        return _EVENTS[now.state]
    changes = (
        ("signed", len(was.votes) < len(now.votes)),
        ("escalated", was.escalated_at != now.escalated_at),
        ("paused", was.paused_at is None and now.paused_at is not None),
        ("resumed", was.paused_at is not None and now.paused_at is None),
        ("condition-met", was.conditions != now.conditions),
        ("passed-on", len(was.formerly) < len(now.formerly)),
        ("asked-again", was.again < now.again),
    )
    return next((event for event, happened in changes if happened), None)


def _ended(now: Signoff) -> str:
    """Name how a question to the rep ended: its reply, or silence."""
    if not now.unanswered:
        return "reply"
    return "no-reply" if now.state is _S.REQUESTED else "unanswered"


def _note(verdict: Verdict, event: str, was: Signoff | None, now: Signoff, mover: str | None) -> Note:
    body: dict[str, object] = {
        "signoff": identity(now),
        "event": event,
        "from": was.state if was else None,
        "state": now.state,
        "requested_at": now.requested_at,
        "due": now.due_at,
        "policy": now.policy_version,
        "seen": {name: value for name, value in now.seen.items() if _is_plain(value)},
    }
    authority = now.votes[-1].authority if event == "signed" else now.authority
    if authority is not None and event in {"yes", "no", "signed"}:
        body |= {
            "role": authority.role,
            "right": authority.right,
            "delegated": [day for day in (authority.since, authority.until) if day],
            "envelope": [{"field": one.field, "high": one.high, "low": one.low} for one in now.envelope],
            "until": now.valid_until,
        }
    if now.conditions:
        body["conditions"] = [one.due for one in now.conditions]
    person = actor(event, now, mover)
    if person in {CLOCK, ENGINE}:
        body["actor"] = person
    personal = {"holder": authority.holder} if authority is not None and "right" in body else {}
    personal |= {"person": person} if person not in {CLOCK, ENGINE} else {}
    return Note("sign-off", verdict.deal, body, {**personal, **_personal(event, now)})


def _is_plain(value: Value) -> bool:
    """Say whether a value can name nobody: numbers, dates, yes and no."""
    return isinstance(value, Decimal | date | bool)


def actor(event: str, signoff: Signoff, mover: str | None = None) -> str:
    """Return who moved it: a person, else the reserved name of the clock or the engine."""
    if mover is not None and event in _SAID:
        return mover
    if event in {"expired", "escalated", "let-pass", "resumed", "no-reply", "unanswered"}:
        return CLOCK
    if event == "signed":
        return signoff.votes[-1].person
    if event in {"yes", "no", "withdrawn"} and signoff.decided_by is not None:
        return signoff.decided_by
    return ENGINE


def _personal(event: str, signoff: Signoff) -> dict[str, str]:
    """Return names and free text, which must stay erasable."""
    put = event in {"asked", "waits-for-its-turn", "may-stop"}
    said = {"why": signoff.why if signoff.state in OPEN and put else ""}
    said["note"] = signoff.note if event in {"yes", "no", "withdrawn", "reply"} else ""
    said["question"] = signoff.question if event == "question" else ""
    handed = event in {"escalated", "passed-on", "asked-again"}
    said["asked"] = ", ".join(signoff.asked) if put or handed else ""
    words = (f"{name}: {value}" for name, value in signoff.seen.items() if isinstance(value, str))
    said["seen"] = "; ".join(words) if event in {"asked", "yes", "no", "signed"} else ""
    said["conditions"] = "; ".join(one.text for one in signoff.conditions)
    return {name: text for name, text in said.items() if text}
