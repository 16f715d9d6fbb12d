"""How the connection of one account is, for the settings page."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from connector.recall import House
from connector.store import Store

_BEHIND = timedelta(minutes=5)
STATUSES = ("ok", "new", "paused", "braked", "behind")


def health(account: str, user: str, house: House | None, store: Store, now: datetime) -> Mapping[str, object]:
    """Return how the account is: `status` is the first of new, paused, braked, behind that holds, else ok."""
    state, live = store.accounts.get(account), store.policies.live(account)
    backlog = store.bells.backlog(account, now)
    waits = max(now - backlog.oldest, timedelta(0)) if backlog.oldest else timedelta(0)
    holds = (house is None, state.paused, state.tripped(now), waits > _BEHIND)
    person = house.directory.by_user.get(user) if house else None
    return {
        "status": next((name for name, held in zip(STATUSES[1:], holds, strict=True) if held), "ok"),
        "policy": live.version[:8] if live else None,
        "published_at": live.at.isoformat() if live else None,
        "heard_at": state.heard_at.isoformat() if state.heard_at else None,
        "people_read_at": house.roll.at.isoformat() if house else None,
        "backlog_seconds": waits.total_seconds(),
        "parked": backlog.parked,
        "viewer": house.policy.people[person].name if house and person else "",
    }
