"""The verdict as a table for people at a terminal, and as a tree for machines."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from connector import texts
from connector.deals import Unreadable, Value
from connector.standing import Clearance, Signoff
from connector.verdicts import Finding, GateVerdict, Lever, Need, Outcome, Verdict

Row = tuple[str, str, str, str]
Json = Mapping[str, object]


def table(verdict: Verdict, *, everything: bool = False) -> tuple[Row, ...]:
    """Return rows of gate, outcome, what was found, and where the policy says so (file:line).

    What passed or does not apply is left out unless `everything` is asked for.
    """
    rows: list[Row] = []
    for gate in verdict.gates:
        rows.append((gate.label, texts.BADGES[gate.readiness], _state(gate), ""))
        shown = (one for one in gate.findings if everything or one.outcome is not Outcome.PASS)
        rows.extend(("", one.outcome.value, one.whole, one.where) for one in shown)
        rows.extend(("", one.ruling.value, one.why, one.where) for one in gate.needs)
    return tuple(rows)


def tree(verdict: Verdict) -> Json:
    """Return the whole verdict in plain JSON values; the same verdict gives the same tree."""
    return {
        "deal": verdict.deal,
        "at": verdict.at.isoformat(),
        "policy": verdict.policy_version,
        "readiness": str(verdict.readiness),
        "badge": texts.BADGES[verdict.readiness],
        "gate": verdict.gate,
        "sentence": verdict.sentence,
        "assessed": verdict.assessed,
        "blocked_stages": list(verdict.blocked_stages),
        "levers": list(map(_lever, verdict.levers)),
        "gates": list(map(_gate, verdict.gates)),
        "signoffs": list(map(_signoff, verdict.signoffs)),
        "clearances": dict(map(_clearance, sorted(verdict.clearances.items()))),
        "valid_until": _text(verdict.valid_until),
        "fingerprint": verdict.fingerprint,
        "alarms": list(verdict.alarms),
    }


def _clearance(named: tuple[str, Clearance]) -> tuple[str, Json]:
    gate, one = named
    return gate, {"how": one.how.value, "at": one.at.isoformat(), "policy": one.policy_version}


def _lever(lever: Lever) -> Json:
    return {
        "changes": [{"field": name, "value": _text(value)} for name, value in lever.changes],
        "text": lever.text,
        "clears": lever.clears,
        "cost": str(lever.cost),
    }


def _state(gate: GateVerdict) -> str:
    where = "open" if gate.owed else "passed" if gate.why_clear else "ahead"
    return f"{where} ({gate.mode.value})" + (f", {texts.why_clear(gate.why_clear)}" if gate.why_clear else "")


def _gate(gate: GateVerdict) -> Json:
    return {
        "gate": gate.gate,
        "stage": gate.stage,
        "label": gate.label,
        "mode": str(gate.mode),
        "owed": gate.owed,
        "clear": gate.clear,
        "why_clear": texts.why_clear(gate.why_clear),
        "readiness": str(gate.readiness),
        "findings": list(map(_finding, gate.findings)),
        "needs": list(map(_need, gate.needs)),
        "waiting": [f"{one.matrix}:{one.row}" for one in gate.waiting],
        "nobody": list(gate.nobody),
    }


def _finding(finding: Finding) -> Json:
    return {
        "check": finding.check,
        "code": finding.code,
        "outcome": str(finding.outcome),
        "rep": finding.rep,
        "ops": finding.whole,
        "missing": list(finding.missing),
        "seen": dict(finding.seen),
        "where": finding.where,
    }


def _need(need: Need) -> Json:
    return {
        "matrix": need.matrix,
        "row": need.row,
        "ruling": str(need.ruling),
        "role": need.role,
        "why": need.why,
        "seen": {
            name: value if isinstance(value, str) else _text(value) for name, value in need.seen.items()
        },
        "where": need.where,
    }


def _signoff(signoff: Signoff) -> Json:
    return {
        "gate": signoff.gate,
        "role": signoff.role,
        "cycle": signoff.cycle,
        "state": signoff.state.value,
        "asked": list(signoff.asked),
        "due_at": signoff.due_at.isoformat(),
        "decided_by": signoff.decided_by,
        "decided_at": _text(signoff.decided_at),
        "envelope": [
            {"field": one.field, "low": _text(one.low), "high": _text(one.high)} for one in signoff.envelope
        ],
        "valid_until": _text(signoff.valid_until),
        "note": signoff.note,
    }


def _text(value: Value | datetime) -> object:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return str(value)
    match value:
        case bool():
            return value
        case date():
            return value.isoformat()
        case Unreadable():
            return {"unreadable": value.reason}
        case tuple():
            return list(value)
        case _:
            assert_never(value)
