"""The standing of deals: read as the engine wants it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, Table, and_, select

from connector.standing import Clearance, Signoff, Standing
from connector.store.database import Database, Transaction
from connector.store.encode import decode
from connector.store.entries import EffectKind
from connector.store.tables import clearances, deals, done, signoffs, waivers
from connector.store.waivers import of_deals


class Standings:
    """Read what is on record about deals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, account: str, deal_ids: Sequence[str]) -> dict[str, Standing]:
        """Return the standing of each of these deals; one never assessed has an empty one."""

        def these(table: Table) -> ColumnElement[bool]:
            return and_(table.c.account == account, self._database.among(table.c.deal, deal_ids))

        with self._database.read() as transaction:
            found = _last_verdicts(transaction, these(deals))
            asked = _signoffs(transaction, these(signoffs))
            cleared = _clearances(transaction, these(clearances))
            made, moves = _done(transaction, these(done))
            waived = of_deals(transaction, these(waivers))
        return {
            deal: Standing(
                signoffs=tuple(asked.get(deal, ())),
                clearances=cleared.get(deal, {}),
                done=made.get(deal, {}),
                moves=tuple(moves.get(deal, ())),
                waivers=tuple(waived.get(deal, ())),
                **found.get(deal, _NEVER_ASSESSED),
            )
            for deal in deal_ids
        }

    def cards(self, account: str, refs: Collection[str]) -> tuple[tuple[str, str, str], ...]:
        """Return (deal, key, task) of those CRM tasks that asked for a decision and are not closed by us."""
        if not refs:
            return ()
        mine = done.c.account == account
        made = and_(mine, done.c.kind == EffectKind.TASK, self._database.among(done.c.ref, list(refs)))
        with self._database.read() as transaction:
            found = transaction.execute(select(done.c.deal, done.c.key, done.c.ref).where(made)).all()
            ends = [f"close:{key}" for _, key, _ in found]
            ended = select(done.c.key).where(mine, self._database.among(done.c.key, ends))
            closed = set(transaction.scalars(ended))
        return tuple(
            (deal, key, ref)
            for deal, key, ref in found
            if key.startswith(f"{account}:{deal}:") and f"close:{key}" not in closed
        )


class _Last(TypedDict, total=False):
    """What the last verdict left."""

    quiet_until: datetime | None
    verdict: int
    fingerprint: str
    stage: str | None
    pipeline: str | None
    known: bool
    checked_at: datetime | None


_NEVER_ASSESSED = _Last()


def _last_verdicts(transaction: Transaction, where: ColumnElement[bool]) -> dict[str, _Last]:
    query = select(
        *(deals.c.deal, deals.c.quiet_until, deals.c.verdict),
        *(deals.c.fingerprint, deals.c.stage, deals.c.pipeline, deals.c.at),
    ).where(where)
    return {
        deal: _Last(
            quiet_until=quiet,
            verdict=number,
            fingerprint=mark,
            stage=stage,
            pipeline=pipeline,
            known=True,
            checked_at=at,
        )
        for deal, quiet, number, mark, stage, pipeline, at in transaction.execute(query)
    }


def _signoffs(transaction: Transaction, where: ColumnElement[bool]) -> dict[str, list[Signoff]]:
    query = (
        select(signoffs.c.deal, signoffs.c.body)
        .where(where)
        .order_by(signoffs.c.deal, signoffs.c.gate, signoffs.c.role, signoffs.c.cycle)
    )
    found: dict[str, list[Signoff]] = {}
    for deal, body in transaction.execute(query):
        found.setdefault(deal, []).append(decode(Signoff, body))
    return found


def _clearances(transaction: Transaction, where: ColumnElement[bool]) -> dict[str, dict[str, Clearance]]:
    query = select(clearances.c.deal, clearances.c.gate, clearances.c.body).where(where)
    found: dict[str, dict[str, Clearance]] = {}
    for deal, gate, body in transaction.execute(query):
        found.setdefault(deal, {})[gate] = decode(Clearance, body)
    return found


def _done(
    transaction: Transaction, where: ColumnElement[bool]
) -> tuple[Mapping[str, dict[str, str]], Mapping[str, list[datetime]]]:
    query = (
        select(done.c.deal, done.c.key, done.c.kind, done.c.ref, done.c.at).where(where).order_by(done.c.at)
    )
    made: dict[str, dict[str, str]] = {}
    moves: dict[str, list[datetime]] = {}
    for deal, key, kind, ref, at in transaction.execute(query):
        made.setdefault(deal, {})[key] = ref
        if kind == EffectKind.MOVE_BACK:
            moves.setdefault(deal, []).append(at)
    return made, moves
