"""What one look decides is kept whole or not at all: the database fails at each of its statements in turn."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, event, func, select
from sqlalchemy.exc import OperationalError

from connector.errors import StoreUnavailable
from connector.standing import Answer, AnswerKind, SignoffState
from connector.store import Store
from connector.store.tables import answers, bells, outbox
from connector.worker.drain import DEALS, handle
from connector.worker.hand import in_hand
from tests.store.deals import NOW
from tests.worker.play import ANNA, Play, rehearsed


@dataclass
class Failing:
    """A database that fails once: at its `at`-th statement from here on; a COMMIT is one too."""

    at: int
    seen: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return len(self.seen) >= self.at

    def statement(self, _connection: object, _cursor: object, said: str, *_: object) -> None:
        self.seen.append(" ".join(said.split()[:3]))
        if len(self.seen) == self.at:
            raise OperationalError(said, None, RuntimeError("the database is gone"))

    def commit(self, _connection: object) -> None:
        self.statement(None, None, "COMMIT")


@contextmanager
def failing(engine: Engine, at: int) -> Iterator[Failing]:
    found = Failing(at)
    hooks = (("before_cursor_execute", found.statement), ("commit", found.commit))
    for name, hook in hooks:
        event.listen(engine, name, hook)
    try:
        yield found
    finally:
        for name, hook in hooks:
            event.remove(engine, name, hook)


@pytest.fixture
def play(tmp_path: Path, database_url: str) -> Iterator[Play]:
    with rehearsed(tmp_path, database_url) as found:
        yield found


def answered(play: Play) -> str:
    """Return a deal whose yes is written down and not counted yet."""
    deal = play.sell(18)
    play.look(deal)
    desk = play.desk
    yes = Answer("cli:1", deal, AnswerKind.YES, desk.now(), person="anna-bos", note="Fine.")
    desk.store.answers.add(desk.account, [yes], desk.now())
    return deal


def kept(play: Play, deal: str) -> Mapping[str, bool]:
    """Say of each part of what was decided whether it is on record."""
    desk = play.desk
    standing = play.standing(deal)
    kinds = [entry.kind for entry in desk.store.ledger.entries(desk.account, deal)]
    view = desk.store.views.deal(desk.account, deal)
    return {
        "verdict": view is not None and view.readiness == "ready",
        "number": standing.verdict > 1,
        "sign-off": [one.state for one in standing.signoffs] == [SignoffState.APPROVED],
        "answer": not desk.store.answers.waiting(desk.account, [deal]),
        "decision in the ledger": "decision" in kinds,
        "sign-off in the ledger": kinds.count("sign-off") == 2,
        "effects": bool(rows(desk.store, outbox)),
    }


def rows(store: Store, table: Table) -> int:
    with store.database.read() as transaction:
        return transaction.scalar(select(func.count()).select_from(table)) or 0


def test_a_database_that_fails_at_any_statement_keeps_all_of_a_decision_or_nothing(play: Play) -> None:
    deal, failed_at = answered(play), list[str]()
    while not any(kept(play, deal).values()):
        claim = play.desk.claim(DEALS)
        assert claim is not None
        with (
            failing(play.desk.store.database.engine, len(failed_at) + 1) as database,
            suppress(StoreUnavailable),
        ):
            in_hand(play.desk, claim, handle)
        assert database.failed
        failed_at.append(database.seen[len(failed_at)])
        play.later(seconds=600)  # the lease ends, and whatever waits is due
    assert all(kept(play, deal).values()), kept(play, deal)
    tables = (
        "INSERT INTO deals",
        "INSERT INTO signoffs",
        "UPDATE answers SET",
        "INSERT INTO outbox",
        "INSERT INTO ledger",
    )
    assert {*tables, "COMMIT"} <= set(failed_at)
    assert play.settle()
    assert play.badge(deal) == "ready"
    assert play.tasks(deal, ANNA[1:]) == {}
    assert play.desk.store.ledger.verify(play.desk.account).first_bad is None


def test_a_database_that_fails_at_any_statement_keeps_an_answer_with_its_bell_or_not_at_all(
    store: Store,
) -> None:
    yes = Answer("cli:1", "7", AnswerKind.YES, NOW, person="anna", task="a:7:anna:1")
    failed_at = list[str]()
    while not rows(store, answers):
        with failing(store.database.engine, len(failed_at) + 1) as database, suppress(StoreUnavailable):
            store.answers.add("a", [yes], NOW)
        failed_at.append(database.seen[-1])
        assert rows(store, answers) == rows(store, bells)
    assert {"INSERT INTO answers", "COMMIT"} < set(failed_at)  # and the bell, each database in its words
