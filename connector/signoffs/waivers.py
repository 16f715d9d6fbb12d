"""Waivers: granted exceptions. `in_force` alone decides whether one holds, wherever the question is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from connector.deals import Value
from connector.policy.model import ANY_RULE, Bound, Policy, Ruling
from connector.policy.reads import counts_days, with_dates
from connector.signoffs.drift import bound, within
from connector.signoffs.ground import Ground
from connector.signoffs.hours import ended, local
from connector.signoffs.people import bars, seats
from connector.signoffs.spoken import for_rep
from connector.standing import ENGINE, Waiver
from connector.verdicts import Finding, Need, Outcome, Waived

UNNEEDED_FOR = timedelta(days=1)  # a price that is only tried out must not close an exception
_HOLDS = frozenset({Outcome.FAIL, Outcome.UNKNOWN, Outcome.SIGN_OFF})
_FREE = frozenset({Ruling.SALES, Ruling.NOTIFY, Ruling.VETO})


def in_force(waiver: Waiver, facts: Mapping[str, Value], policy: Policy, now: datetime) -> bool:
    """Say whether the waiver holds for a deal with these facts at this moment: granted, not ended, its last
    day not over in the policy's own time zone, and every bound kept. Unknown is never inside a bound."""
    if now < waiver.at or (waiver.ended_at is not None and waiver.ended_at <= now):
        return False
    if local(now, policy.calendar).date() > waiver.until:
        return False
    return all(within(one, facts.get(one.field)) for one in waiver.bounds)


class Holding(StrEnum):
    """What somebody reads of a waiver: whether it holds, and if not, why."""

    IN_FORCE = "in force"
    OUTSIDE = "outside its bound"
    OVER = "over"


def holding(waiver: Waiver, ground: Ground) -> Holding:
    """Say how a waiver stands for the deal now."""
    if in_force(waiver, ground.facts, ground.policy, ground.now):
        return Holding.IN_FORCE
    ended = waiver.ended_at is not None or waiver.until < local(ground.now, ground.policy.calendar).date()
    return Holding.OVER if ended else Holding.OUTSIDE


class Excused(NamedTuple):
    """What is left of a gate's findings and needs under its waivers, and what they waive."""

    findings: tuple[Finding, ...]
    needs: tuple[Need, ...]
    waived: tuple[Waived, ...] = ()


def excuse(
    findings: tuple[Finding, ...], needs: tuple[Need, ...], ground: Ground, rests: tuple[Waived, ...] = ()
) -> Excused:
    """Take out what a waiver in force covers. A waived finding stays to be seen, but holds nothing. `rests`:
    what is waived of that which was passed before and is not looked at again."""
    granted = ground.context.standing.waivers
    if not granted:
        return Excused(findings, needs)
    held = [one for one in granted if in_force(one, ground.facts, ground.policy, ground.now)]
    if not held:
        return Excused(findings, needs)
    kept = [_finding(one, held) for one in findings]
    asked = [(need, _need_waivers(need, held)) for need in needs]
    told = [Waived(waiver.id, waiver.rule, why) for _, waiver, why in kept if waiver is not None]
    told += [Waived(one.id, one.rule, for_rep(need, ground)) for need, ones in asked for one in ones]
    left = tuple(need for need, ones in asked if not ones)
    return Excused(tuple(finding for finding, _, _ in kept), left, tuple(dict.fromkeys((*told, *rests))))


def _finding(finding: Finding, held: list[Waiver]) -> tuple[Finding, Waiver | None, str]:
    waiver = next((one for one in held if finding.outcome in _HOLDS and _is_about(one, finding)), None)
    if waiver is None:
        return finding, None, ""
    return finding._replace(outcome=Outcome.NOT_APPLICABLE), waiver, (finding.why or finding.rep).rstrip(".")


def _is_about(waiver: Waiver, finding: Finding) -> bool:
    return waiver.rule in {finding.check, *(f"{finding.check}/{name}" for name in finding.reads)}


def _need_waivers(need: Need, held: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Return the waivers that cover the need: one for the matrix or check, or one for each of its rows."""
    if need.ruling in _FREE:
        return ()
    found: dict[str, Waiver] = {}
    for one in held:
        found.setdefault(one.rule, one)
    if need.matrix in found:
        return (found[need.matrix],)
    rows = [f"{need.matrix}/{row}" for row in need.row.split("+")]
    return tuple(found[row] for row in rows) if all(row in found for row in rows) else ()


def after(waivers: Sequence[Waiver], used: Iterable[Waived], ground: Ground) -> tuple[Waiver, ...]:
    """Return the waivers as this look leaves them. Each look asks whether the rule would fail without it: the
    unneeded are marked, and closed when they have been unneeded for a day."""
    needed = {one.waiver for one in used}
    return tuple(_looked_at(one, one.id in needed, ground) for one in waivers)


def _looked_at(waiver: Waiver, needed: bool, ground: Ground) -> Waiver:  # noqa: FBT001
    if not in_force(waiver, ground.facts, ground.policy, ground.now):
        return waiver
    if needed:
        return replace(waiver, unneeded_since=None) if waiver.unneeded_since else waiver
    since = waiver.unneeded_since or ground.now
    if ground.now >= since + UNNEEDED_FOR:
        return replace(waiver, unneeded_since=since, ended_at=ground.now, ended_by=ENGINE)
    return replace(waiver, unneeded_since=since)


def points(waiver: Waiver, policy: Policy) -> Iterable[datetime]:
    """Yield the moments at which time alone changes something about it."""
    if waiver.ended_at is None:
        yield ended(waiver.until, policy.calendar)
        if waiver.unneeded_since is not None:
            yield waiver.unneeded_since + UNNEEDED_FOR


def granting(rule: str, policy: Policy, *, break_glass: bool = False) -> tuple[str, ...]:
    """Return the roles that may waive a rule: its own, those of its matrix or check, else those for any."""
    given = policy.waivers
    if break_glass:
        return given.break_glass
    whole = rule.partition("/")[0]
    return given.grant.get(rule) or given.grant.get(whole) or given.grant.get(ANY_RULE, ())


def right_to_grant(person: str, rule: str, ground: Ground, *, break_glass: bool = False) -> str | None:
    """Return the role by which the person may waive the rule for this deal, None where there is none: nobody
    waives anything for a deal of his own."""
    if person in bars(ground):
        return None
    names = granting(rule, ground.policy, break_glass=break_glass)
    roles = (ground.policy.roles[name] for name in names if name in ground.policy.roles)
    return next((one.id for one in roles if any(seat.person == person for seat in seats(one, ground))), None)


def as_it_is(rule: str, ground: Ground) -> dict[str, Value]:
    """Return the inputs of the rule's matrix as the deal has them now: what a waiver covers, and better."""
    policy = ground.policy
    matrix = policy.matrices.get(rule.partition("/")[0])
    named = with_dates(matrix.inputs if matrix else (), policy)
    return {name: ground.facts.get(name) for name in named if not counts_days(policy.fields.get(name))}


def bounds(values: Mapping[str, Value], policy: Policy) -> tuple[Bound, ...]:
    """Return one-sided bounds at these values, where a field has a better side."""
    found = (bound(name, policy.fields[name].worse, value) for name, value in values.items())
    return tuple(one for one in found if one is not None)


def rules(policy: Policy) -> tuple[str, ...]:
    """Return every rule that can be waived: matrices, their rows, and the kinds of check."""
    rows = (f"{one.id}/{row.id}" for one in policy.matrices.values() for row in one.rows)
    checks = (check.id.partition(".")[2] for one in policy.checklists.values() for check in one.checks)
    return tuple(dict.fromkeys((*policy.matrices, *rows, *checks)))


def reviewers(waiver: Waiver, ground: Ground) -> tuple[str, ...]:
    """Return who may review what was done by breaking the glass: whoever grants such waivers as a rule, or
    stands at the top; never the one who did it."""
    names = dict.fromkeys((*granting(waiver.rule, ground.policy), *_tops(ground.policy)))
    roles = (ground.policy.roles[name] for name in names if name in ground.policy.roles)
    people = dict.fromkeys(seat.person for role in roles for seat in seats(role, ground))
    return tuple(person for person in people if person != waiver.by)


def _tops(policy: Policy) -> Iterable[str]:
    return (role.id for role in policy.roles.values() if role.top or role.last_resort)
