"""What one user of the CRM may do about a deal, and how much of it he may read."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.deals import Deal, Unreadable, Value
from connector.directory import CrmUser
from connector.policy.model import Field, Policy
from connector.signoffs.ground import Ground
from connector.signoffs.obstacles import rights
from connector.signoffs.people import bars
from connector.standing import FINAL, OPEN, Signoff, SignoffState
from connector.verdicts import Outcome, Readiness, Verdict

Json = Mapping[str, object]
_HELD = frozenset({Readiness.NEEDS_INFO, Readiness.NEEDS_SIGN_OFF, Readiness.BLOCKED})
_LOUD = frozenset({Outcome.FAIL, Outcome.SIGN_OFF, Outcome.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a user of the CRM, and the policy's person where he is one."""

    user: CrmUser | None
    person: str | None

    def sells(self, deal: Deal) -> bool:
        """Say whether he may speak for the deal: its owner, or whoever the policy knows by name."""
        owns = self.user is not None and deal.owner is not None and self.user.owner == deal.owner
        return owns or self.person is not None


def may(viewer: Viewer, verdict: Verdict, ground: Ground) -> Json:
    """Return what the viewer may do now. The engine decides again when he has done it."""
    record, sells = ground.context.standing.signoffs, viewer.sells(ground.deal)
    held = verdict.readiness in _HELD
    open_ones = [one for one in record if one.state in OPEN]
    return {
        "name": viewer.user.name if viewer.user else "",
        "may_ask": sells and held and verdict.assessed and not ground.context.observe_only,
        "may_reply": sells and any(one.state is SignoffState.INFO for one in open_ones),
        "may_withdraw": sells and any(one.stops is None for one in open_ones),
        "may_decide": [_question(one, ground.policy) for one in _decidable(viewer, ground)],
    }


def operations(viewer: Viewer, verdict: Verdict, ground: Ground) -> tuple[Json, ...] | None:
    """Return what Operations reads of each gate; None for whoever is not asked about the deal."""
    if not _is_asked(viewer, ground):
        return None
    return tuple(
        {
            "gate": gate.gate,
            "findings": [one.whole for one in gate.findings if one.outcome in _LOUD or one.size is not None],
            "waiting": [need.why for need in gate.waiting],
        }
        for gate in verdict.gates
        if gate.told
    )


def changeable(ground: Ground) -> tuple[Json, ...]:
    """Return the fields that a rep may change and may see, with their values now."""
    return tuple(
        {
            "name": field.name,
            "label": field.label,
            "type": field.type.value,
            "options": list(field.options),
            "value": _plain(ground.facts.get(field.name)),
        }
        for field in ground.policy.fields.values()
        if is_changeable(field)
    )


def is_changeable(field: Field) -> bool:
    """Say whether a rep may try other values of the field."""
    return field.rep_may_change and not field.hidden


def _decidable(viewer: Viewer, ground: Ground) -> tuple[Signoff, ...]:
    if viewer.person is None:
        return ()
    about = [one for one in ground.context.standing.signoffs if one.state in OPEN]
    return tuple(one for one, _ in rights(viewer.person, about, ground))


def _is_asked(viewer: Viewer, ground: Ground) -> bool:
    """Say whether he reads it anyhow, in the mail by which he is asked; never a deal's own people."""
    if viewer.person is None or viewer.person in bars(ground):
        return False
    living = (one for one in ground.context.standing.signoffs if one.state not in FINAL)
    return any(viewer.person in one.asked for one in living) or bool(_decidable(viewer, ground))


def _question(signoff: Signoff, policy: Policy) -> Json:
    role, lever = policy.roles.get(signoff.role), policy.fields.get(signoff.lever or "")
    return {
        "gate": signoff.gate,
        "role": role.label if role else signoff.role,
        "state": signoff.state.value,
        "limit_on": lever.label if lever else None,
        "due": signoff.due_at.isoformat(),
    }


def _plain(value: Value) -> str | bool | None:
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, Unreadable | tuple):
        return None
    return str(value)
