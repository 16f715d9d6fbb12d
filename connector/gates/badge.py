"""What the badge says: the gate it speaks of, the stages that are shut, and when to look again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from connector.gates import passing
from connector.gates.judge import Draft
from connector.gates.occasions import next_ahead
from connector.gates.place import stages_from
from connector.policy.model import Mode
from connector.signoffs import marks, presence, waivers
from connector.signoffs.ground import Ground
from connector.signoffs.hours import midnight
from connector.standing import OPEN, ClearedHow, Signoff, Waiver


def speaking(drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """Return the gates that the badge is the worst of: those owed and the next ahead, observing left out."""
    owed = [draft for draft in drafts if draft.verdict.owed and draft.place.visible]
    return (*owed, *next_ahead(drafts))


def worst(drafts: Iterable[Draft]) -> Draft | None:
    """Return the gate of the worst readiness, the first of equals."""
    return max(drafts, key=lambda draft: draft.verdict.readiness.severity, default=None)


def blocked_stages(drafts: Iterable[Draft], ground: Ground) -> tuple[str, ...]:
    """Return the stages from the first block gate ahead or owed on, without those up to the position. One
    ahead shuts stages even when the deal is fine for it now, for its stages "may be entered only inside the
    clear range" (design 1.5)."""
    shut = [
        draft.place.at for draft in drafts if holds(draft) and (draft.verdict.owed or not draft.place.reached)
    ]
    if not shut:
        return ()
    position = ground.pipeline.position(ground.deal.stage) or 0
    return stages_from(ground.pipeline, max(min(shut), position + 1))


def open_now(drafts: Iterable[Draft], blocked: Iterable[str], ground: Ground) -> tuple[str, ...]:
    """Return those of the blocked stages that lie before the first gate that is not clear: nothing holds the
    deal there, and the one range of a deal cannot say so."""
    shut = [draft.place.at for draft in drafts if holds(draft) and not draft.verdict.clear]
    if not shut:
        return ()
    return tuple(stage for stage in blocked if (ground.pipeline.position(stage) or 0) < min(shut))


def holds(draft: Draft) -> bool:
    """Say whether the gate can hold the deal at a stage: it blocks, and it existed when the deal came."""
    return draft.place.mode is Mode.BLOCK and draft.verdict.why_clear is not ClearedHow.BEFORE_THE_GATE


def valid_until(
    drafts: Iterable[Draft], signoffs: Sequence[Signoff], waived: Iterable[Waiver], ground: Ground
) -> datetime | None:
    """Return when time alone may change the verdict: an approval ends, a question has waited too long or may
    go to others, a gate switches as planned, the time to a date passes one of the policy's limits."""
    points = _points(drafts, signoffs, waived, ground)
    return min([point for point in points if point > ground.now], default=None)


def _points(
    drafts: Iterable[Draft], signoffs: Sequence[Signoff], waived: Iterable[Waiver], ground: Ground
) -> Iterable[datetime]:
    for asked in signoffs:
        yield from marks.points(asked, ground)
    if any(map(_seeks, drafts)) or any(one.state in OPEN for one in signoffs):
        yield from presence.changes(ground)
    for waiver in waived:
        yield from waivers.points(waiver, ground.policy)
    for day in passing.days(ground):
        yield midnight(day, ground.policy.calendar)


def _seeks(draft: Draft) -> bool:
    """Say whether the gate wants somebody who is not asked, it may be because nobody is there."""
    return bool(draft.verdict.waiting or [one for one in draft.stops if one.open])
