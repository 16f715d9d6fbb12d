"""The standing of deals: read as the engine wants it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, select

from connector.standing import Clearance, Signoff, Standing
from connector.store.database import Database, Transaction
from connector.store.encode import decode
from connector.store.entries import EffectKind
from connector.store.tables import clearances, deals, done, signoffs


class Standings:
    """Read what is on record about deals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, account: str, deal_ids: Sequence[str]) -> dict[str, Standing]:
        """Return the standing of each of these deals; one never assessed has an empty one."""
        with self._database.read() as transaction:
            found = _last_verdicts(transaction, account, deal_ids)
            asked = _signoffs(transaction, account, deal_ids)
            cleared = _clearances(transaction, account, deal_ids)
            made, moves = _done(transaction, account, deal_ids)
        return {
            deal: replace(
                found.get(deal, _UNKNOWN),
                signoffs=tuple(asked.get(deal, ())),
                clearances=cleared.get(deal, {}),
                done=made.get(deal, {}),
                moves=tuple(moves.get(deal, ())),
            )
            for deal in deal_ids
        }


_UNKNOWN = Standing()


def _among(table: Table, account: str, deal_ids: Sequence[str]) -> ColumnElement[bool]:
    return and_(table.c.account == account, table.c.deal.in_(deal_ids))


def _last_verdicts(transaction: Transaction, account: str, deal_ids: Sequence[str]) -> dict[str, Standing]:
    query = select(
        *(deals.c.deal, deals.c.quiet_until, deals.c.verdict),
        *(deals.c.fingerprint, deals.c.stage, deals.c.pipeline),
    ).where(_among(deals, account, deal_ids))
    return {
        deal: Standing(
            quiet_until=quiet, verdict=number, fingerprint=mark, stage=stage, pipeline=pipeline, known=True
        )
        for deal, quiet, number, mark, stage, pipeline in transaction.execute(query)
    }


def _signoffs(transaction: Transaction, account: str, deal_ids: Sequence[str]) -> dict[str, list[Signoff]]:
    query = (
        select(signoffs.c.deal, signoffs.c.body)
        .where(_among(signoffs, account, deal_ids))
        .order_by(signoffs.c.deal, signoffs.c.gate, signoffs.c.role, signoffs.c.cycle)
    )
    found: dict[str, list[Signoff]] = {}
    for deal, body in transaction.execute(query):
        found.setdefault(deal, []).append(decode(Signoff, body))
    return found


def _clearances(
    transaction: Transaction, account: str, deal_ids: Sequence[str]
) -> dict[str, dict[str, Clearance]]:
    query = select(clearances.c.deal, clearances.c.gate, clearances.c.body).where(
        _among(clearances, account, deal_ids)
    )
    found: dict[str, dict[str, Clearance]] = {}
    for deal, gate, body in transaction.execute(query):
        found.setdefault(deal, {})[gate] = decode(Clearance, body)
    return found


def _done(
    transaction: Transaction, account: str, deal_ids: Sequence[str]
) -> tuple[Mapping[str, dict[str, str]], Mapping[str, list[datetime]]]:
    query = (
        select(done.c.deal, done.c.key, done.c.kind, done.c.ref, done.c.at)
        .where(_among(done, account, deal_ids))
        .order_by(done.c.at)
    )
    made: dict[str, dict[str, str]] = {}
    moves: dict[str, list[datetime]] = {}
    for deal, key, kind, ref, at in transaction.execute(query):
        made.setdefault(deal, {})[key] = ref
        if kind == EffectKind.MOVE_BACK:
            moves.setdefault(deal, []).append(at)
    return made, moves
