"""Clearances: what a gate that was passed still stands on, and what opens it again (design 1.6)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from connector.deals import Value
from connector.gates.drawn import drawn, unchanged
from connector.gates.place import Place
from connector.gates.taking import promise
from connector.policy.model import Home, Policy, Weight
from connector.policy.reads import counts_days
from connector.signoffs.conditions import broken
from connector.signoffs.cover import expired
from connector.signoffs.drift import Drift, drift
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.signoffs.waivers import in_force
from connector.standing import CLOCK, ENGINE, Clearance, ClearedHow, Signoff, SignoffState, Waiver
from connector.verdicts import GateVerdict

STOOD = frozenset({ClearedHow.PASSED, ClearedHow.LAPSED})
_MOVED = frozenset({Drift.WORSE, Drift.OTHER})
_YES = frozenset({SignoffState.APPROVED, SignoffState.EXPIRED})


def standing_clearance(place: Place, ground: Ground) -> Clearance | None:
    """Return the clearance of a gate that was passed, also one that lapsed since; gates ahead have none, nor
    has one whose answer was taken back or has run out: that gate is open as a whole."""
    found = ground.context.standing.clearances.get(place.gate.id)
    if found is None or not place.reached or found.how not in STOOD:
        return None
    return None if _lost_its_ground(found, ground) else found


def moved(clearance: Clearance, ground: Ground) -> frozenset[str]:
    """Return the fields that changed since, a change to the better side left out. A computed one has not
    where the deal is as it was: another policy has made it another value."""
    found = [name for name, was in clearance.seen.items() if _moved(name, was, ground.policy, ground.facts)]
    if any(_is_computed(name, ground.policy) for name in found) and unchanged(clearance, ground):
        found = [name for name in found if not _is_computed(name, ground.policy)]
    return frozenset(found)


def reopens(names: Iterable[str], policy: Policy) -> frozenset[str]:
    """Return those of the changed fields that open what reads them again: the material ones, and for another
    start the days that are counted to it."""
    found = {name for name in names if (field := policy.fields.get(name)) and field.weight is Weight.MATERIAL}
    if policy.offering.start in found:
        found |= {one.name for one in policy.vocabulary.computed if counts_days(one)}
    return frozenset(found)


def _lost_its_ground(clearance: Clearance, ground: Ground) -> bool:
    """Say whether an answer it may rest on was taken back or has run out since, a condition of it was not
    met, or a waiver has ended."""
    if not _still_waived(clearance, ground):
        return True
    cleared_on = local(clearance.at, ground.policy.calendar).date()
    for signoff in ground.context.standing.signoffs:
        if signoff.gate != clearance.gate and signoff.name not in clearance.rests_on:
            continue
        if signoff.state is SignoffState.REJECTED and (signoff.decided_at or clearance.at) > clearance.at:
            return True
        if broken(signoff, ground.policy, ground.now, since=clearance.at):
            return True
        if _was_yes(signoff) and _ran_out(signoff, cleared_on, ground):
            return True
    return False


def _was_yes(signoff: Signoff) -> bool:
    """Say whether somebody decided it by a yes: what one of several said in an open question is none yet."""
    return signoff.state in _YES and signoff.decided_by != CLOCK


def _ran_out(signoff: Signoff, cleared_on: date, ground: Ground) -> bool:
    """Say whether its last day is over, and was not when the gate was passed."""
    ends = signoff.valid_until
    return ends is not None and ends >= cleared_on and expired(signoff, ground.policy, ground.now)


def _still_waived(clearance: Clearance, ground: Ground) -> bool:
    known = {one.id: one for one in ground.context.standing.waivers}
    return all(_holds_still(known.get(name), ground) for name in clearance.waived)


def _holds_still(waiver: Waiver | None, ground: Ground) -> bool:
    """Say whether the gate loses nothing by it: it holds, or was closed since the gate passes without it."""
    return waiver is not None and (
        waiver.ended_by == ENGINE or in_force(waiver, ground.facts, ground.policy, ground.now)
    )


def passed(
    place: Place, old: Clearance | None, reads: Iterable[str], verdict: GateVerdict, ground: Ground
) -> Clearance:
    """Return the clearance of a gate that is passed. One that stood already keeps its time, its version and
    what it saw; only what changed to the worse is seen anew, so that nobody hears of it twice."""
    if old is None:
        seen = {name: ground.facts.get(name) for name in _watched(reads, ground.policy)}
        version = ground.policy.version
        new = Clearance(place.gate.id, ClearedHow.PASSED, ground.now, version, seen, promise(ground))
        return _resting(replace(new, drawn=_drawn_for(seen, ground)), verdict)
    fresh = {name: ground.facts.get(name) for name in moved(old, ground)}
    if not fresh and old.how is ClearedHow.PASSED:
        return old
    kept = old.promise if old.how is ClearedHow.PASSED else promise(ground)
    seen = {**old.seen, **fresh}
    now = replace(old, how=ClearedHow.PASSED, seen=seen, promise=kept, drawn=_drawn_for(seen, ground))
    return _resting(now, verdict)


def _drawn_for(seen: Mapping[str, Value], ground: Ground) -> Mapping[str, Value]:
    computed = any(_is_computed(name, ground.policy) for name in seen)
    return drawn(ground) if computed and ground.deal.line_items is not None else {}


def _resting(clearance: Clearance, verdict: GateVerdict) -> Clearance:
    """Add the waivers and the yeses by which the gate passes now."""
    waived = dict.fromkeys((*clearance.waived, *(one.waiver for one in verdict.waived)))
    answers = dict.fromkeys((*clearance.rests_on, *(one.name for one in verdict.approvals)))
    return replace(clearance, waived=tuple(waived), rests_on=tuple(answers))


def before_the_gate(place: Place, old: Clearance | None, ground: Ground) -> Clearance | None:
    """Return the clearance of a deal from before the gate: once it is there it stays, until it goes back."""
    if old is not None and old.how is ClearedHow.BEFORE_THE_GATE:
        return old
    return (
        Clearance(place.gate.id, ClearedHow.BEFORE_THE_GATE, ground.now, ground.policy.version)
        if place.reached
        else None
    )


def left(old: Clearance | None) -> Clearance | None:
    """Return what stays of a clearance when the deal stands before the gate: that it had its chance."""
    if old is None or old.how in STOOD:
        return None
    return replace(old, how=ClearedHow.LEFT)


def lapsed(old: Clearance | None, stored: Clearance | None) -> Clearance | None:
    """Return what stays when a gate is open again: all that has not changed, or only that the gate was held
    against the deal already, so that nobody takes it for younger than the deal."""
    if old is not None:
        return replace(old, how=ClearedHow.LAPSED)
    if stored is None or stored.how not in STOOD:
        return stored
    return replace(stored, how=ClearedHow.REOPENED)


def _moved(name: str, was: Value, policy: Policy, facts: Mapping[str, Value]) -> bool:
    field = policy.fields.get(name)
    if field is None or counts_days(field):
        return False
    return drift(field.worse, was, facts.get(name)) in _MOVED


def _is_computed(name: str, policy: Policy) -> bool:
    field = policy.fields.get(name)
    return field is not None and field.home is Home.DERIVED


def _watched(reads: Iterable[str], policy: Policy) -> Iterable[str]:
    """Yield what the gate reads, and the fields of which people want to hear whoever reads them."""
    for name in dict.fromkeys(reads):
        field = policy.fields.get(name)
        if field is not None and field.weight is Weight.MATERIAL:
            yield name
    yield from policy.vocabulary.watched
