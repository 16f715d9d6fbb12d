"""The exceptions that a real company has granted: every second deal that the policy would stop."""

from collections.abc import Sequence
from datetime import timedelta

from connector.desk import Desk
from connector.signoffs import waivers
from connector.standing import Waiver
from connector.verdicts import Readiness
from connector.worker.grounds import ground_of

_RULE, _FOUNDER = "commercial", "ruth-klein"
_LASTS = timedelta(days=60)


def exceptions(desk: Desk, ids: Sequence[str]) -> tuple[str, ...]:
    """Let the founder waive the commercial rule for every second deal that it stops, as `dealgate waiver
    grant` does; return those deals."""
    stopped = [
        view.deal for view in desk.store.views.deals(desk.account, ids) if view.readiness is Readiness.BLOCKED
    ]
    return tuple(deal for number, deal in enumerate(stopped[::2]) if _waived(desk, deal, number))


def _waived(desk: Desk, deal: str, number: int) -> bool:
    ground = ground_of(desk, deal)
    role = waivers.right_to_grant(_FOUNDER, _RULE, ground) if ground else None
    if ground is None or role is None:
        return False
    now, reasons = desk.now(), ground.policy.waivers.reasons
    granted = Waiver(
        id=f"w-demo-{number}",
        rule=_RULE,
        until=(now + _LASTS).date(),
        reason=reasons[number % len(reasons)],
        by=_FOUNDER,
        at=now,
        role=role,
        bounds=waivers.bounds(waivers.as_it_is(_RULE, ground), ground.policy),
    )
    desk.store.waivers.grant(desk.account, deal, granted, now)
    return True
