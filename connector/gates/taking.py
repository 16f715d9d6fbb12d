"""What a deal takes of the hours that there are, and what is promised when a gate clears."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from connector import values
from connector.capacity import search
from connector.capacity.records import SURE, Claim, Demand, Estimate
from connector.checks.capacity import is_stale, promised
from connector.checks.derived import currency_of
from connector.checks.effort import demand_of
from connector.checks.lines import lines_of
from connector.deals import StageKind, Unreadable
from connector.policy.model import Capacity, Policy
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.standing import Clearance, ClearedHow, Promise


def estimate(ground: Ground, cleared: Mapping[str, Clearance]) -> Estimate | None:
    """Return the hours that the deal takes; None where it takes none, or the policy does not look at them.

    A deal without a promised start counts from its close date, else from today.
    """
    spec = ground.policy.capacity
    if spec is None:
        return None
    if _is_source_down(spec, ground):
        return _as_before(ground)
    demand = _demand(ground)
    if not demand:
        return None
    today = ground.today
    start = promised(spec, ground.facts.get(spec.start), today) or _close_date(ground) or today
    claim, until = _claim(ground, cleared)
    fits = None
    board = ground.context.board
    if claim is Claim.OPEN and board is not None and not is_stale(spec, board):
        fits = search.fits(board, ground.deal.id, demand, start)
    return Estimate(
        ground.deal.id, ground.deal.name, claim, start, demand, _chance(spec, ground), until, fits
    )


def promise(ground: Ground) -> Promise | None:
    """Return what is promised as the deal is now; None where the policy does not look at the work."""
    spec = ground.policy.capacity
    if spec is None:
        return None
    demand = _demand(ground)
    calendar, margin = ground.policy.calendar, ground.facts.get("margin")
    start = promised(spec, ground.facts.get(spec.start), ground.today)
    return Promise(
        start=start,
        finish=None if start is None else search.finish(start, demand, calendar.days, calendar.holidays),
        effort={role: Decimal(minutes) / 60 for role, minutes in demand.by_role().items()},
        margin=values.rounded(margin) if isinstance(margin, Decimal) else None,
    )


def _is_source_down(spec: Capacity, ground: Ground) -> bool:
    start = ground.facts.get(spec.start)
    return ground.deal.line_items is None or (isinstance(start, Unreadable) and start.ours)


def _as_before(ground: Ground) -> Estimate | None:
    board = ground.context.board
    return None if board is None else board.estimates.get(ground.deal.id)


def _specs(policy: Policy) -> Iterable[tuple[Capacity, str]]:
    for checklist in policy.checklists.values():
        for spec in checklist.checks:
            if isinstance(spec, Capacity):
                yield spec, checklist.id


def _claim(ground: Ground, cleared: Mapping[str, Clearance]) -> tuple[Claim, date | None]:
    """Say how firmly the deal takes its hours: won, held since a gate with this check cleared, or open."""
    stage = ground.pipeline.stage(ground.deal.stage)
    if stage is not None and stage.kind is StageKind.WON:
        return Claim.WON, None
    specs = {checklist: spec for spec, checklist in _specs(ground.policy)}
    ends = [
        local(clearance.at, ground.policy.calendar).date() + timedelta(days=spec.hold_days)
        for gate in ground.policy.gates
        if (spec := specs.get(gate.checklist or "")) is not None
        and (clearance := cleared.get(gate.id)) is not None
        and clearance.how is ClearedHow.PASSED
    ]
    until = max(ends, default=None)
    return (Claim.HELD, until) if until is not None and until >= ground.today else (Claim.OPEN, None)


def _demand(ground: Ground) -> Demand:
    currency = currency_of(ground.deal, ground.policy)
    return demand_of(lines_of(ground.deal, ground.policy, currency))


def _chance(spec: Capacity, ground: Ground) -> int:
    """Return the chance to win in thousandths; as if certain where it is not known."""
    value = ground.facts.get(spec.win_chance or "")
    if not isinstance(value, Decimal):
        return SURE
    return int(min(max(value * 10, Decimal(0)), Decimal(SURE)))


def _close_date(ground: Ground) -> date | None:
    value = ground.facts.get("close-date")
    return value if isinstance(value, date) else None
