"""Our own fields on the deal: what they should show, and the difference to what they do."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from connector import explain, ranges
from connector.checks.derived import derive
from connector.deals import Deal, OurField
from connector.effects import WriteFields
from connector.explain.sentence import cut
from connector.explain.who import open_ones
from connector.gates.occasions import requested
from connector.plan.case import Case
from connector.signoffs.talk import REPS
from connector.standing import AnswerKind
from connector.verdicts import Readiness

_TIMES = frozenset({OurField.DUE, OurField.CHECKED_AT})
_BADGE = (
    OurField.READINESS,
    OurField.REASON,
    OurField.BLOCKED_STAGES,
    OurField.WAITING_ON,
    OurField.DUE,
    OurField.CHECKED_AT,
    OurField.CLEAR_RANGE,
    OurField.DETAIL,
)


def write(case: Case) -> Iterable[WriteFields]:
    """Yield the one write that makes the deal show the verdict, if it does not yet."""
    wanted = {**_badge(case), **_read(case)}
    deal, there = case.ground.deal, case.ground.context.shows
    values = {
        field: text for field, text in wanted.items() if field in there and not _shows(deal, field, text)
    }
    if values:
        yield WriteFields(deal.id, values)


def unblock(deal: Deal) -> tuple[WriteFields, ...]:
    """Empty the blocked stages of a paused account; everything else stays as it is."""
    if not deal.shown.get(OurField.BLOCKED_STAGES):
        return ()
    return (WriteFields(deal.id, {OurField.BLOCKED_STAGES: ""}),)


def moment(at: datetime) -> str:
    """Write a time as our fields hold it: ISO 8601 in UTC, whole seconds."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _badge(case: Case) -> Mapping[OurField, str]:
    """Return what the badge fields show: nothing new while our source is down, nothing where no gate is."""
    verdict = case.verdict
    if verdict.keep:
        return {} if case.ground.answered_before else _unanswered(case)
    if verdict.readiness is Readiness.NOT_ASSESSED:
        return dict.fromkeys(_BADGE, "")
    stages = [stage for stage in verdict.blocked_stages if stage not in verdict.open_now]
    running = (one.due_at for one in open_ones(verdict.signoffs) if one.paused_at is None)
    due = min(running, default=None)
    shown = {
        OurField.READINESS: verdict.readiness.value,
        OurField.REASON: verdict.sentence,
        OurField.BLOCKED_STAGES: f";{';'.join(stages)};" if stages else "",
        OurField.WAITING_ON: cut(explain.waiting_on(verdict.signoffs, case.ground.policy)),
        OurField.DUE: moment(due) if due else "",
        OurField.CHECKED_AT: _checked_at(case),
    }
    if OurField.CLEAR_RANGE in case.ground.context.shows:
        shown[OurField.CLEAR_RANGE] = ranges.write(verdict.range) if stages else ""
    if OurField.DETAIL in case.ground.context.shows:
        shown[OurField.DETAIL] = _detail(case)
    return shown


def _unanswered(case: Case) -> Mapping[OurField, str]:
    """Return what a deal shows that never had an answer and gets none now: it stays shut (ADR 275)."""
    stages = case.verdict.blocked_stages
    return {
        OurField.REASON: case.verdict.sentence,
        OurField.BLOCKED_STAGES: f";{';'.join(stages)};" if stages else "",
        OurField.CLEAR_RANGE: ranges.write(None),
    }


def _detail(case: Case) -> str:
    """Return what the panel shows. What a rep may decide alone depends on the facts of the deal, which are
    worked out only where a CRM has a field for it."""
    ground = case.ground
    facts = derive(ground.deal, ground.policy, ground.today)
    return explain.panel(case.verdict, replace(ground, facts=facts))


def _checked_at(case: Case) -> str:
    """Return when the inputs last changed: a second look at the same deal is no news."""
    shown = case.ground.deal.shown.get(OurField.CHECKED_AT, "")
    same = case.verdict.fingerprint == case.ground.context.standing.fingerprint
    return shown if same and shown else moment(case.verdict.at)


def _read(case: Case) -> Mapping[OurField, str]:
    """Return the fields that people wrote to us and that have been heard: they are emptied."""
    heard: dict[OurField, str] = {}
    if _honoured(case):
        heard[OurField.REQUEST] = ""
    written = {
        one.answer.kind for one in case.answered if one.answer.task is None and one.answer.person is None
    }
    if written - REPS:
        heard |= {OurField.DECISION: "", OurField.DECISION_NOTE: ""}
    if AnswerKind.WITHDRAW in written:
        heard[OurField.REQUEST] = ""
    return heard


def _honoured(case: Case) -> bool:
    """Say whether the rep's request was dealt with; while data is missing it waits for it."""
    verdict = case.verdict
    if not requested(case.ground) or verdict.wants_history or verdict.keep:
        return False
    gate = case.gate
    return verdict.readiness is not Readiness.NEEDS_INFO or (gate is not None and bool(gate.offers))


def _shows(deal: Deal, field: OurField, text: str) -> bool:
    shown = deal.shown.get(field) or ""
    if shown == text or field not in _TIMES:
        return shown == text
    return _time(shown) is not None and _time(shown) == _time(text)


def _time(text: str) -> datetime | None:
    """Read a time in either way in which a CRM gives it back: ISO 8601, or milliseconds since 1970."""
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text) // 1000, UTC)
        return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        return None
