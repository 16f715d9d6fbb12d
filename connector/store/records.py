"""Commit: everything that one assessment of some deals changes, in one fenced transaction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Delete, and_, bindparam, case, delete, false, func, or_, select

from connector.effects import Effect
from connector.inputs import Inputs
from connector.standing import Answer, Standing, Waiver
from connector.store.answers import consume
from connector.store.bulk import Insert, Row
from connector.store.capacity import Capacity
from connector.store.chain import Note
from connector.store.claims import Claim, fence
from connector.store.database import Database, Transaction, run
from connector.store.encode import encode
from connector.store.entries import kind_of, lasts, slot_of
from connector.store.ledger import Ledger
from connector.store.tables import clearances, deals, outbox, signoffs
from connector.store.waivers import mark
from connector.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class DealRecord:
    """What is to be kept of one deal. `before` is the standing that the verdict was made from: only what
    differs is written, and its verdict number plus one is the new one.

    `effects` replaces what still waits of an older verdict (but see `entries.lasts`); `answers` were
    counted; `notes` go to the ledger; `quiet_until` None leaves it as it is. `takes_otherwise`: the
    hours that the deal takes are not those on record. `inputs` are what the verdict was made from, None
    where the deal is gone.
    """

    before: Standing
    verdict: Verdict
    pipeline: str
    stage: str
    effects: tuple[Effect, ...] = ()
    answers: tuple[Answer, ...] = ()
    notes: tuple[Note, ...] = ()
    quiet_until: datetime | None = None
    takes_otherwise: bool = False
    inputs: Inputs | None = None

    @property
    def deal(self) -> str:
        return self.verdict.deal

    @property
    def number(self) -> int:
        """The number of the new verdict."""
        return self.before.verdict + 1


class Records:
    """Commit what was decided."""

    def __init__(self, database: Database, ledger: Ledger, capacity: Capacity) -> None:
        self._database = database
        self._ledger = ledger
        self._capacity = capacity
        self._deal = database.bulk(deals, deals.c.keys(), _keep_quiet_until)
        self._signoff = database.upsert(signoffs, signoffs.c.keys())
        self._clearance = database.upsert(clearances, clearances.c.keys())
        self._effect = database.bulk(outbox, _EFFECT, _newest_wins)

    def commit(self, claim: Claim, records: Sequence[DealRecord], now: datetime) -> None:
        """Keep all of it or nothing; LeaseLost unless the claim still holds every deal."""
        account = claim.account
        with self._database.write() as transaction:
            fence(transaction, claim, {record.deal for record in records})
            self._deal.run(transaction, [_deal_row(account, record) for record in records])
            self._keep_standing(transaction, account, records)
            consume(transaction, account, [each for record in records for each in record.answers], now)
            self._effect.run(transaction, list(_effect_rows(account, records, now)))
            transaction.execute(self._outdated(account, records))
            self._keep_estimates(transaction, account, records)
            notes = [note for record in records for note in record.notes]
            self._ledger.append(account, notes, now, within=transaction)

    def _keep_standing(self, transaction: Transaction, account: str, records: Sequence[DealRecord]) -> None:
        self._signoff.run(transaction, list(_signoff_rows(account, records)))
        self._clearance.run(transaction, list(_clearance_rows(account, records)))
        run(transaction, _LOST_CLEARANCE, list(_lost_clearances(account, records)))
        mark(transaction, account, _marked_waivers(records))

    def _keep_estimates(self, transaction: Transaction, account: str, records: Sequence[DealRecord]) -> None:
        changed = [one for one in records if one.takes_otherwise]
        found = [one.verdict.estimate for one in changed if one.verdict.estimate]
        gone = [one.deal for one in changed if one.verdict.estimate is None]
        if changed:
            self._capacity.keep(account, found, gone, within=transaction)

    def _outdated(self, account: str, records: Sequence[DealRecord]) -> Delete:
        """Drop what older verdicts wanted; not what lasts, nor what may have reached the CRM."""
        return delete(outbox).where(
            outbox.c.account == account,
            self._database.among(outbox.c.deal, [record.deal for record in records]),
            outbox.c.verdict < _NEWEST,
            outbox.c.lasting == false(),
            outbox.c.sending_at.is_(None),
        )


_EFFECT = (
    *("account", "deal", "kind", "slot"),
    *("verdict", "body", "lasting", "due_at"),
)
_NEWEST = (
    select(deals.c.verdict)
    .where(deals.c.account == outbox.c.account, deals.c.deal == outbox.c.deal)
    .scalar_subquery()
)
_LOST_CLEARANCE = delete(clearances).where(
    and_(
        clearances.c.account == bindparam("of"),
        clearances.c.deal == bindparam("of_deal"),
        clearances.c.gate == bindparam("of_gate"),
    )
)


def _keep_quiet_until(insert: Insert) -> Insert:
    """Replace the last verdict, but a quiet time only by a later one."""
    values: dict[str, ColumnElement[object]] = dict(insert.excluded.items())
    values["quiet_until"] = func.coalesce(insert.excluded.quiet_until, deals.c.quiet_until)
    return insert.on_conflict_do_update(index_elements=list(deals.primary_key), set_=values)


def _newest_wins(insert: Insert) -> Insert:
    """Replace an undelivered effect. One that only waits for its next try goes on waiting if nothing in it
    changed, and its failures still count; one that was refused gets a fresh start."""
    new = insert.excluded
    refused = outbox.c.parked_at.is_not(None)
    at_once = or_(refused, outbox.c.body != new.body)
    values = {
        "verdict": new.verdict,
        "body": new.body,
        "lasting": new.lasting,
        "due_at": case((at_once, new.due_at), else_=outbox.c.due_at),
        "attempts": case((refused, 0), else_=outbox.c.attempts),
        "reason": None,
        "message": None,
        "parked_at": None,
    }
    return insert.on_conflict_do_update(index_elements=list(outbox.primary_key), set_=values)


def _deal_row(account: str, record: DealRecord) -> Row:
    verdict = record.verdict
    return {
        "account": account,
        "deal": verdict.deal,
        "verdict": record.number,
        "at": verdict.at,
        "readiness": verdict.readiness,
        "gate": verdict.gate,
        "sentence": verdict.sentence.replace("\0", ""),  # PostgreSQL keeps no NUL
        "body": encode(verdict),
        "fingerprint": verdict.fingerprint,
        "policy_version": verdict.policy_version,
        "valid_until": verdict.valid_until,
        "stage": record.stage,
        "pipeline": record.pipeline,
        "quiet_until": record.quiet_until,
        "inputs": None if record.inputs is None else encode(record.inputs),
    }


def _signoff_rows(account: str, records: Iterable[DealRecord]) -> Iterator[Row]:
    for record in records:
        known = {(old.gate, old.role, old.cycle): old for old in record.before.signoffs}
        for new in record.verdict.signoffs:
            if known.get((new.gate, new.role, new.cycle)) != new:
                yield {
                    "account": account,
                    "deal": record.deal,
                    "gate": new.gate,
                    "role": new.role,
                    "cycle": new.cycle,
                    "state": new.state,
                    "due_at": new.due_at,
                    "body": encode(new),
                }


def _clearance_rows(account: str, records: Iterable[DealRecord]) -> Iterator[Row]:
    for record in records:
        for gate, new in record.verdict.clearances.items():
            if record.before.clearances.get(gate) != new:
                yield {"account": account, "deal": record.deal, "gate": gate, "body": encode(new)}


def _lost_clearances(account: str, records: Iterable[DealRecord]) -> Iterator[Row]:
    for record in records:
        for gate in record.before.clearances.keys() - record.verdict.clearances.keys():
            yield {"of": account, "of_deal": record.deal, "of_gate": gate}


def _marked_waivers(records: Iterable[DealRecord]) -> Iterator[tuple[str, Waiver]]:
    for record in records:
        known = {one.id: one for one in record.before.waivers}
        yield from ((record.deal, one) for one in record.verdict.waivers if known.get(one.id) != one)


def _effect_rows(account: str, records: Iterable[DealRecord], now: datetime) -> Iterator[Row]:
    for record in records:
        newest = {(kind_of(effect), slot_of(effect)): effect for effect in record.effects}
        for (kind, slot), effect in newest.items():
            yield {
                "account": account,
                "deal": record.deal,
                "kind": kind,
                "slot": slot,
                "verdict": record.number,
                "body": encode(effect),
                "lasting": lasts(effect),
                "due_at": now,
            }
