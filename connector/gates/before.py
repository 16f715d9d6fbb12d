"""Before the gate existed: who need not pass a gate, because he was beyond it already (design 1.8).

The rules stand in docs/rules.md as a table that the tests read.
"""

from datetime import datetime
from enum import StrEnum

from connector import touch
from connector.gates.place import Place, stages_from
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local, midnight
from connector.standing import ClearedHow

_OWING = frozenset({ClearedHow.LEFT, ClearedHow.REOPENED})
_HELD = frozenset({ClearedHow.PASSED, ClearedHow.LAPSED})  # the gate was held against the deal already


class Existed(StrEnum):
    """Did the gate exist when the deal came there? ASK_HISTORY: only its history can tell."""

    YES = "yes"
    NO = "no"
    ASK_HISTORY = "ask-history"


def existed(place: Place, ground: Ground) -> Existed:
    """Say whether the gate existed before the deal came to it or beyond. The first rule that fits decides."""
    gate, deal, context = place.gate, ground.deal, ground.context
    stored = context.standing.clearances.get(gate.id)
    if stored is not None and (stored.how in _OWING or (place.reached and stored.how in _HELD)):
        return Existed.YES
    if stored is not None and stored.how is ClearedHow.BEFORE_THE_GATE:
        return Existed.NO if place.reached else Existed.YES
    if gate.since and deal.created_at and local(deal.created_at, ground.policy.calendar).date() < gate.since:
        return Existed.NO
    if not place.reached:
        return Existed.YES
    live = _live_since(place, ground)
    if live is None or (deal.created_at is not None and deal.created_at >= live):
        return Existed.YES
    if context.history is not None:
        since = touch.entered(context.history, frozenset(stages_from(ground.pipeline, place.at)))
        return Existed.NO if since is not None and since < live else Existed.YES
    return _without_history(place, ground, live)


def _live_since(place: Place, ground: Ground) -> datetime | None:
    """Return since when the gate counts: published, and switched on where it was planned to be later."""
    published = ground.context.live_since.get(place.gate.id)
    if published is None or not place.gate.switches:
        return published
    on = place.gate.on_since(ground.today)
    return published if on is None else max(published, midnight(on, ground.policy.calendar))


def _without_history(place: Place, ground: Ground, live: datetime) -> Existed:
    standing, pipeline = ground.context.standing, ground.pipeline
    if not standing.known or standing.checked_at is None or standing.stage is None:
        return Existed.ASK_HISTORY
    last = pipeline.position(standing.stage) if standing.pipeline == pipeline.id else None
    was_reached = last is not None and last >= place.at
    if standing.checked_at >= live:
        return Existed.YES  # decided then, or it came later
    return Existed.NO if was_reached else Existed.ASK_HISTORY
