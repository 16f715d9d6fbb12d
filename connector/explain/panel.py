"""The verdict for the panel beside a deal: what a rep may read, small enough for one field of the CRM."""

import json
from collections.abc import Mapping

from connector import texts
from connector.explain.alone import said
from connector.policy.model import Policy
from connector.signoffs.ground import Ground
from connector.signoffs.spoken import for_rep
from connector.standing import ClearedHow, Signoff, SignoffState
from connector.verdicts import GateVerdict, Outcome, Verdict

LONGEST = 32_000
_OVER = frozenset({SignoffState.WITHDRAWN, SignoffState.SUPERSEDED, SignoffState.EXPIRED})
_FINE = frozenset({Outcome.PASS, Outcome.NOT_APPLICABLE})

Json = Mapping[str, object]


def panel(verdict: Verdict, ground: Ground) -> str:
    """Return `told` as one text. No time of checking stands in it: the same state of a deal gives the same
    text. Without details where they are too long."""
    text = _dumped(told(verdict, ground))
    return text if len(text) <= LONGEST else _dumped({"gate": verdict.gate, "cut": True})


def told(verdict: Verdict, ground: Ground) -> Json:
    """Return what the panel shows (docs/panel.md): badge and sentence, what the rep may decide alone, what
    makes it lighter, for each gate what is open and what is fine, and who is asked until when."""
    rules = next((one for one in ground.policy.gates if one.id == verdict.gate), None)
    return {
        "gate": verdict.gate,
        "badge": texts.BADGES[verdict.readiness],
        "sentence": verdict.sentence,
        "alone": said(rules, ground) if rules and rules.matrices else "",
        "levers": [one.text for one in verdict.levers],
        "gates": [_gate(one, ground, passed=_passed(one, verdict)) for one in verdict.gates if one.told],
        "signoffs": [_signoff(one, ground.policy) for one in verdict.signoffs if one.state not in _OVER],
    }


def _passed(gate: GateVerdict, verdict: Verdict) -> bool:
    """Say whether the deal went through the gate, whose checklist does not run again while that stands."""
    clearance = verdict.clearances.get(gate.gate)
    return gate.clear and clearance is not None and clearance.how is ClearedHow.PASSED


def _gate(gate: GateVerdict, ground: Ground, *, passed: bool) -> Json:
    findings = () if passed else gate.findings
    return {
        "gate": gate.gate,
        "stage": gate.label,
        "readiness": gate.readiness.value,
        "clear": gate.clear,
        "findings": [one.rep for one in findings if one.outcome not in _FINE],
        "fine": [one.rep for one in findings if one.outcome is Outcome.PASS and one.size is None],
        "waiting": [for_rep(one, ground) for one in gate.waiting],
    }


def _signoff(signoff: Signoff, policy: Policy) -> Json:
    role, lever = policy.roles.get(signoff.role), policy.fields.get(signoff.lever or "")
    asks = signoff.state is SignoffState.INFO and signoff.asked_by
    return {
        "role": role.label if role else signoff.role,
        "state": signoff.state.value,
        "asked": [_name(person, policy) for person in ([asks] if asks else signoff.asked)],
        "due": signoff.due_at.isoformat(),
        "by": _name(signoff.decided_by, policy) if signoff.decided_by else None,
        "note": signoff.note,
        "question": signoff.question if signoff.state is SignoffState.INFO else "",
        "limit_on": lever.label if lever else None,
        "stops": signoff.stops is not None,
    }


def _name(person: str, policy: Policy) -> str:
    known = policy.people.get(person)
    return known.name if known else person


def _dumped(told: Json) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
