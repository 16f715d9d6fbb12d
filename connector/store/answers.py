"""Answers that people gave and that no verdict has counted yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from connector.deals import ObjectType
from connector.standing import Answer
from connector.store.bells import Bells
from connector.store.database import Database, Transaction, run
from connector.store.encode import decode, encode
from connector.store.tables import answers


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
        rows = [
            {"account": account, "deal": each.deal, "id": each.id, "body": encode(each), "at": each.at}
            for each in records.values()
        ]
        unknown = self._database.insert(answers).on_conflict_do_nothing().returning(answers.c.deal)
        with self._database.write(within) as transaction:
            deals = [deal for row in rows for deal in transaction.scalars(unknown, row)]
            self._ringer.ring([(account, ObjectType.DEAL, deal) for deal in deals], now, within=transaction)
        return len(deals)

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
