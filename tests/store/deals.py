"""Deals, verdicts and effects as the tests of the store need them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from connector.deals import ObjectType, OurField
from connector.effects import CreateTask, Effect, MoveBack, SendMail, WriteFields
from connector.standing import Clearance, ClearedHow, Signoff, SignoffState, Standing
from connector.store import Claim, DealRecord, Entry, Store
from connector.verdicts import Readiness, Verdict

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DEALS = frozenset({ObjectType.DEAL})


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def signoff(
    state: SignoffState = SignoffState.REQUESTED, cycle: int = 1, role: str = "operations"
) -> Signoff:
    return Signoff(
        "contract", role, cycle, state, ("anna",), NOW, after(60), "v1", seen={"discount": Decimal("18.0")}
    )


def clearance(gate: str = "contract") -> Clearance:
    return Clearance(gate, ClearedHow.PASSED, NOW, "v1", {"start-date": date(2026, 3, 2), "region": None})


def verdict(
    deal: str = "1",
    *,
    signoffs: tuple[Signoff, ...] = (),
    clearances: tuple[Clearance, ...] = (),
    readiness: Readiness = Readiness.READY,
    valid_until: datetime | None = None,
) -> Verdict:
    return Verdict(
        deal=deal,
        at=NOW,
        policy_version="v1",
        readiness=readiness,
        gate="contract",
        gates=(),
        sentence="Ready for Contract.",
        signoffs=signoffs,
        clearances={one.gate: one for one in clearances},
        blocked_stages=("contract",),
        levers=(),
        fingerprint="f1",
        valid_until=valid_until,
    )


def record(verdict_: Verdict | None = None, *effects: Effect, before: Standing | None = None) -> DealRecord:
    return DealRecord(before or Standing(), verdict_ or verdict(), "default", "contract", effects)


def fields(deal: str = "1", reason: str = "Ready.") -> WriteFields:
    return WriteFields(deal, {OurField.REASON: reason})


def task(deal: str = "1", key: str = "k1", *, decision: bool = True) -> CreateTask:
    return CreateTask(deal, key, "120", "Decide", "Acme", after(3600), decision)


def mail(deal: str = "1", key: str = "m1") -> SendMail:
    return SendMail(deal, key, "anna", "Decide", "Acme")


def move_back(deal: str = "1", key: str = "move:1") -> MoveBack:
    return MoveBack(deal, key, "default", "contract", "default", "proposal", NOW, date(2026, 4, 1))


def claim(store: Store, *deals: str, now: datetime = NOW) -> Claim:
    """Ring these deals and lease them."""
    store.bells.ring([("a", ObjectType.DEAL, deal) for deal in deals], now)
    return reclaim(store, now)


def reclaim(store: Store, now: datetime = NOW) -> Claim:
    taken = store.claims.take("a", DEALS, 1000, 60, now)
    assert taken is not None
    return taken


def commit(store: Store, *records: DealRecord, now: datetime = NOW) -> Claim:
    """Commit under a new lease, which is returned."""
    held = claim(store, *(one.deal for one in records), now=now)
    store.records.commit(held, records, now)
    return held


def pending(store: Store, deal: str = "1", now: datetime = NOW) -> tuple[Entry, ...]:
    return store.outbox.pending("a", [deal], now)


def standing(store: Store, deal: str = "1") -> Standing:
    return store.standings.of("a", [deal])[deal]
