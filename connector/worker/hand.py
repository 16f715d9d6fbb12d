"""A claim in hand: kept alive, given back when the CRM is away, halved around a record that spoils it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import structlog

from connector.desk import Desk, pause
from connector.errors import (
    ConfigurationError,
    CrmRefused,
    CrmUnavailable,
    LeaseLost,
    PolicyUnreadable,
    StoreUnavailable,
)
from connector.store.claims import Claim

log = structlog.get_logger()
_BEATS = 3  # in the time of one lease


def in_hand(desk: Desk, claim: Claim | None, work: Callable[[Desk, Claim], None]) -> int:
    """Do the work on what was claimed; return how many bells that were."""
    if claim is None:
        return 0
    with _kept_alive(desk, claim):
        _answer(desk, claim, work)
    return len(claim.bells)


def _answer(desk: Desk, claim: Claim, work: Callable[[Desk, Claim], None]) -> None:
    """Work; where one record spoils it for all, find it by halving and set it aside alone."""
    try:
        work(desk, claim)
    except LeaseLost:
        log.warning("lease.lost", account=desk.account, bells=len(claim.bells))
    except (CrmUnavailable, CrmRefused, PolicyUnreadable) as error:
        _give_back(desk, claim, error)
    except (StoreUnavailable, ConfigurationError):
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, it must not hold up the other records
        if len(claim.bells) == 1:
            desk.retry_or_park(claim, claim.bells[0], "cannot-be-handled", f"{type(error).__name__}: {error}")
            return
        half = len(claim.bells) // 2
        for bells in (claim.bells[:half], claim.bells[half:]):
            _answer(desk, replace(claim, bells=bells), work)


def _give_back(desk: Desk, claim: Claim, error: CrmUnavailable | CrmRefused | PolicyUnreadable) -> None:
    """Give the bells back for later: the CRM is away or the policy cannot be read, no fault of theirs."""
    desk.alarm(error.reason)
    log.warning("claim.given-back", account=desk.account, reason=error.reason, bells=len(claim.bells))
    attempts = min(bell.attempts for bell in claim.bells)
    due = desk.now() + timedelta(seconds=pause(attempts, error))
    desk.store.claims.retry(claim, claim.bells, due, error.reason)


@contextmanager
def _kept_alive(desk: Desk, claim: Claim) -> Iterator[None]:
    """Extend the lease while the work goes on: a slow CRM must not let two workers meet at one deal."""
    done = threading.Event()
    beating = threading.Thread(target=_beat, args=(desk, claim, done), name="lease", daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()


def _beat(desk: Desk, claim: Claim, done: threading.Event) -> None:
    while not done.wait(desk.settings.lease_seconds / _BEATS):
        try:
            desk.extend(claim)
        except LeaseLost:
            return  # the work itself learns it at its next write
        except StoreUnavailable as error:
            log.warning("store.unavailable", account=desk.account, message=error.message)
