"""The way out: levers for the rep, the range that the CRM's own rule holds, stages that are open as it is."""

from dataclasses import replace
from typing import NamedTuple

from connector import levers, ranges
from connector.checks.derived import derive
from connector.deals import OurField
from connector.gates import badge
from connector.gates.judge import Draft, judge
from connector.signoffs.ground import Ground
from connector.verdicts import Lever, Range


class WayOut(NamedTuple):
    """What the rep may do; `range` None and `open_now` empty where the CRM has no field for a range."""

    levers: tuple[Lever, ...] = ()
    range: Range | None = None
    open_now: tuple[str, ...] = ()


NO_WAY = WayOut()


def find(drafts: tuple[Draft, ...], worst: Draft | None, blocked: tuple[str, ...], ground: Ground) -> WayOut:
    """Return the way out of what `worst` holds, None where nothing does, and of the blocked stages.

    `ground` is as it is once this verdict is on record: there a change of the rep's would land.
    """
    found = _levers(worst, ground) if worst is not None and levers.wanted(worst.verdict) else ()
    if not blocked or OurField.CLEAR_RANGE not in ground.context.shows:
        return WayOut(found)
    open_now = badge.open_now(drafts, blocked, ground)
    return WayOut(found, None if open_now else _range(drafts, ground), open_now)


def _levers(draft: Draft, ground: Ground) -> tuple[Lever, ...]:
    return levers.find(
        draft.verdict, draft.place.gate, ground, lambda there: judge(draft.place, there).verdict
    )


def _range(drafts: tuple[Draft, ...], ground: Ground) -> Range | None:
    """Return the values inside which no gate that blocks holds the deal."""
    blocking = [draft for draft in drafts if badge.holds(draft)]
    signoffs = ground.context.standing.signoffs

    def try_out(values: ranges.Point) -> ranges.Tried:
        deal = replace(ground.deal, values={**ground.deal.values, **values})
        there = replace(ground, deal=deal, facts=derive(deal, ground.policy, ground.today, signoffs))
        tried = [judge(draft.place, there).verdict for draft in blocking]
        return ranges.Tried(all(one.clear for one in tried), tuple(a for one in tried for a in one.approvals))

    return ranges.find([draft.place.gate for draft in blocking], ground, try_out)
