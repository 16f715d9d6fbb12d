"""The verdict for the panel beside a deal: what a rep may read, small enough for one field of the CRM."""

import json
from collections.abc import Mapping

from connector.policy.model import Policy
from connector.standing import Signoff, SignoffState
from connector.verdicts import GateVerdict, Outcome, Verdict

LONGEST = 32_000
_OVER = frozenset({SignoffState.WITHDRAWN, SignoffState.SUPERSEDED, SignoffState.EXPIRED})
_FINE = frozenset({Outcome.PASS, Outcome.NOT_APPLICABLE})

Json = Mapping[str, object]


def panel(verdict: Verdict, policy: Policy) -> str:
    """Return gates, findings, levers and sign-offs as JSON, in the rep's words. No time of checking stands in
    it: the same state of a deal gives the same text. Without details where they are too long."""
    told = {
        "gate": verdict.gate,
        "levers": [one.text for one in verdict.levers],
        "gates": [_gate(one) for one in verdict.gates],
        "signoffs": [_signoff(one, policy) for one in verdict.signoffs if one.state not in _OVER],
    }
    text = _dumped(told)
    return text if len(text) <= LONGEST else _dumped({"gate": verdict.gate, "cut": True})


def _gate(gate: GateVerdict) -> Json:
    return {
        "gate": gate.gate,
        "stage": gate.label,
        "readiness": gate.readiness.value,
        "clear": gate.clear,
        "findings": [one.rep for one in gate.findings if one.outcome not in _FINE],
        "waiting": [one.why for one in gate.waiting],
    }


def _signoff(signoff: Signoff, policy: Policy) -> Json:
    role = policy.roles.get(signoff.role)
    return {
        "role": role.label if role else signoff.role,
        "state": signoff.state.value,
        "asked": [_name(person, policy) for person in signoff.asked],
        "due": signoff.due_at.isoformat(),
        "by": _name(signoff.decided_by, policy) if signoff.decided_by else None,
        "note": signoff.note,
    }


def _name(person: str, policy: Policy) -> str:
    known = policy.people.get(person)
    return known.name if known else person


def _dumped(told: Json) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
