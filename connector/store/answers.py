"""Answers that people gave and that no verdict has counted yet."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from connector.deals import ObjectType
from connector.standing import ONE_MOMENT, Answer
from connector.store.bells import Bells
from connector.store.database import Database, Transaction, run
from connector.store.encode import decode, encode
from connector.store.tables import answers

_MILLISECOND = timedelta(milliseconds=1)


class Answers:
    """Kept from the moment they were read in the CRM until the commit that counts them."""

    def __init__(self, database: Database, ringer: Bells) -> None:
        self._database = database
        self._ringer = ringer

    def add(
        self, account: str, given: Iterable[Answer], now: datetime, within: Transaction | None = None
    ) -> int:
        """Keep these answers and ring their deals; return how many were not known yet."""
        records = {answer.id: answer for answer in given}
        unknown = self._database.insert(answers).on_conflict_do_nothing().returning(answers.c.deal)
        with self._database.write(within) as transaction:
            rows = [
                {"account": account, "deal": each.deal, "id": each.id, "body": encode(each), "at": each.at}
                for each in self._in_order(transaction, account, records.values())
            ]
            deals = [deal for row in rows for deal in transaction.scalars(unknown, row)]
            self._ringer.ring([(account, ObjectType.DEAL, deal) for deal in deals], now, within=transaction)
        return len(deals)

    def _in_order(
        self, transaction: Transaction, account: str, given: Collection[Answer]
    ) -> Iterator[Answer]:
        """Yield the answers; of two on one task with one date the new one comes after (ADR 236)."""
        known = self._on_tasks(transaction, account, [one for one in given if one.task is not None])
        for answer in given:
            alike = [
                other.at
                for other in known.get((answer.deal, answer.task), ())
                if other.id != answer.id and answer.at <= other.at < answer.at + ONE_MOMENT
            ]
            yield replace(answer, at=max(alike) + _MILLISECOND) if alike else answer

    def _on_tasks(
        self, transaction: Transaction, account: str, given: Collection[Answer]
    ) -> Mapping[tuple[str, str | None], list[Answer]]:
        """Return what is on record from the time of these, by deal and task."""
        found: dict[tuple[str, str | None], list[Answer]] = {}
        if not given:
            return found
        moments = [answer.at for answer in given]
        query = select(answers.c.body).where(
            answers.c.account == account,
            self._database.among(answers.c.deal, {answer.deal for answer in given}),
            answers.c.at.between(min(moments), max(moments) + ONE_MOMENT),
        )
        for body in transaction.scalars(query):
            answer = decode(Answer, body)
            found.setdefault((answer.deal, answer.task), []).append(answer)
        return found

    def waiting(self, account: str, deals: Sequence[str]) -> dict[str, tuple[Answer, ...]]:
        """Return the uncounted answers of these deals, oldest first."""
        query = (
            select(answers.c.deal, answers.c.body)
            .where(
                answers.c.account == account,
                self._database.among(answers.c.deal, deals),
                answers.c.consumed_at.is_(None),
            )
            .order_by(answers.c.at, answers.c.id)
        )
        with self._database.read() as transaction:
            rows = transaction.execute(query).all()
        found: dict[str, tuple[Answer, ...]] = {}
        for deal, body in rows:
            found[deal] = (*found.get(deal, ()), decode(Answer, body))
        return found


def consume(transaction: Transaction, account: str, counted: Iterable[Answer], now: datetime) -> None:
    """Mark these answers as counted."""
    rows = [{"of": account, "of_deal": each.deal, "of_id": each.id, "now": now} for each in counted]
    run(transaction, _CONSUME, rows)


_CONSUME = (
    update(answers)
    .where(
        answers.c.account == bindparam("of"),
        answers.c.deal == bindparam("of_deal"),
        answers.c.id == bindparam("of_id"),
    )
    .values(consumed_at=bindparam("now"))
)
