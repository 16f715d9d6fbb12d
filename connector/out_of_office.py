"""Out of office: an absence is kept, and whatever waits for the person is looked at again at once."""

from datetime import datetime

from connector.deals import ObjectType
from connector.directory import Absence
from connector.standing import OPEN
from connector.store.store import Store


def leave(store: Store, account: str, absence: Absence, by: str, now: datetime) -> int:
    """Put the absence on record, set by `by`; return how many deals are looked at again."""
    store.absences.set(account, absence, by, now)
    return _look_again(store, account, now)


def come_back(store: Store, account: str, person: str, by: str, now: datetime) -> tuple[int, int]:
    """Remove what the person has on record; return how many absences that were, and how many deals are looked
    at again."""
    return store.absences.end(account, person, by, now), _look_again(store, account, now)


def _look_again(store: Store, account: str, now: datetime) -> int:
    """Ring every deal with an open question: who is asked may be another now. A worker looks at them."""
    asked = store.views.asked(account, OPEN)
    return store.bells.ring([(account, ObjectType.DEAL, deal) for deal in asked], now)
