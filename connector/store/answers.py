"""Answers that people gave and that no verdict has counted yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update

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
        """Keep these answers and ring their deals; one that is known changes nothing. Returns the new ones."""
        records = {answer.id: answer for answer in given}
        rows = [
            {
                "account": account,
                "deal": answer.deal,
                "id": answer.id,
                "body": encode(answer),
                "at": answer.at,
            }
            for answer in records.values()
        ]
        statement = self._database.insert(answers).on_conflict_do_nothing()
        with self._database.write(within) as transaction:
            new = [row["deal"] for row in rows if run(transaction, statement, [row])]
            self._ringer.ring(
                [(account, ObjectType.DEAL, str(deal)) for deal in new], now, within=transaction
            )
        return len(new)

    def waiting(self, account: str, deals: Sequence[str]) -> dict[str, tuple[Answer, ...]]:
        """Return the uncounted answers of these deals, oldest first."""
        query = (
            select(answers.c.deal, answers.c.body)
            .where(answers.c.account == account, answers.c.deal.in_(deals), answers.c.consumed_at.is_(None))
            .order_by(answers.c.at, answers.c.id)
        )
        with self._database.read() as transaction:
            rows = transaction.execute(query).all()
        found: dict[str, tuple[Answer, ...]] = {}
        for deal, body in rows:
            found[deal] = (*found.get(deal, ()), decode(Answer, body))
        return found


def consume(
    transaction: Transaction, account: str, deal: str, counted: Sequence[Answer], now: datetime
) -> None:
    """Mark these answers as counted."""
    ids = [answer.id for answer in counted]
    transaction.execute(
        update(answers)
        .where(answers.c.account == account, answers.c.deal == deal, answers.c.id.in_(ids))
        .values(consumed_at=now)
    )
