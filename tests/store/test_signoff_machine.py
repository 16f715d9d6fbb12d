"""The model of sign-offs against both databases: the same steps, kept and read again each time, come to the same
record, the same effects and the same ledger on SQLite, on PostgreSQL and in pure values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
from hypothesis import seed

from connector import gates, plan, signoffs
from connector.deals import ObjectType
from connector.effects import Effect, WriteFields
from connector.standing import Answer, Standing
from connector.store import DealRecord, Store
from connector.worker.notes import notes
from tests.core.test_signoff_machine import RULES, Model, run
from tests.core.world import Life, context, deal, moved
from tests.databases import Cluster, SqliteFiles, memory

_DEALS = frozenset({ObjectType.DEAL})
_RUNS = count(1)


@dataclass
class OnRecord(Life):
    """A life that is lived on each store, too, as the worker would: nothing is carried over from look to look
    but what was kept and read again. Each run is an account of its own."""

    stores: tuple[Store, ...] = ()
    account: str = ""
    read: tuple[Standing, ...] = ()

    def __post_init__(self) -> None:
        self.read = tuple(self._read(store) for store in self.stores)

    def step(self, *answers: Answer) -> tuple[Effect, ...]:
        planned = [
            self._look(store, before, answers) for store, before in zip(self.stores, self.read, strict=True)
        ]
        effects = super().step(*answers)
        self.read = tuple(self._read(store) for store in self.stores)
        for standing, one in zip(self.read, planned, strict=True):
            assert standing.signoffs == self.standing.signoffs
            assert standing.clearances == self.standing.clearances
            assert standing.done.keys() == self.standing.done.keys()
            assert [_name(each) for each in one] == [_name(each) for each in effects]
        return effects

    def same_ledger(self) -> bool:
        """Say whether all stores tell the same, each in a whole chain."""
        first, *others = (list(self._told(store)) for store in self.stores)
        whole = all(store.ledger.verify(self.account).first_bad is None for store in self.stores)
        return whole and bool(first) and all(first == other for other in others)

    def _read(self, store: Store) -> Standing:
        return store.standings.of(self.account, [self.deal.id])[self.deal.id]

    def _look(self, store: Store, before: Standing, answers: tuple[Answer, ...]) -> tuple[Effect, ...]:
        """Claim, count, assess, plan, keep and deliver, all from what this store has."""
        account, now, name = self.account, self.now, self.deal.id
        if answers:
            store.answers.add(account, answers, now)  # which rings
        else:
            store.bells.ring([(account, ObjectType.DEAL, name)], now)
        claim = store.claims.take(account, _DEALS, 10, 60, now)
        assert claim is not None
        given = store.answers.waiting(account, [name]).get(name, ())
        around = context(account=account, standing=before, history=self.history)
        counted = signoffs.count(given, before, self.deal, self.policy, around, now)
        around = replace(around, standing=counted.standing)
        verdict = gates.assess(self.deal, self.policy, around, now)
        effects = plan.effects(self.deal, verdict, self.policy, around, counted.heard, now)
        told = notes(before, verdict, counted, effects)
        record = DealRecord(before, verdict, self.deal.pipeline, self.deal.stage, effects, given, told)
        store.records.commit(claim, [record], now)
        pending = store.outbox.pending(account, [name], now)
        assert sorted(_name(one.effect) for one in pending) == sorted(_name(one) for one in effects)
        store.outbox.delivered(claim, [(one, f"made-{one.slot}") for one in pending], now)
        store.claims.finish(claim, claim.bells, now)
        return effects

    def _told(self, store: Store) -> Iterator[tuple[object, ...]]:
        """Yield the ledger without what is drawn by lot: salts, and the hashes that come of them."""
        for entry, beside in store.ledger.told(self.account):
            body = {name: value for name, value in orjson.loads(entry.body).items() if name != "personal"}
            yield entry.seq, entry.at, entry.kind, body, {one.name: one.value for one in beside}


def _name(effect: Effect) -> str:
    key = "" if isinstance(effect, WriteFields) else effect.key
    return f"{type(effect).__name__} {key}"


def on(stores: tuple[Store, ...]) -> type[Model]:
    """Return the model, held against these stores."""

    class OnBoth(Model):
        def begin(self) -> Life:
            self.account = f"run-{next(_RUNS)}"
            history = moved("discovery", "proposal")
            around = {"account": self.account}
            start = deal("proposal", 15)
            return OnRecord(
                start, RULES, history=history, context=around, stores=stores, account=self.account
            )

        def teardown(self) -> None:
            assert isinstance(self.life, OnRecord)
            assert self.life.same_ledger()

    return OnBoth


@pytest.fixture
def both(cluster: Cluster) -> Iterator[tuple[Store, ...]]:
    with TemporaryDirectory(prefix="dealgate-machine-", dir=memory()) as folder:
        files = SqliteFiles(Path(folder))
        stores = tuple(Store.open(one.new_database()) for one in (files, cluster))
        yield stores
        for store in stores:
            store.close()


PARTS = 4  # of the five hundred runs, so that two cores share them


@pytest.mark.parametrize(
    ("part", "runs", "steps"),
    [
        (0, 1, 12),
        *(
            pytest.param(part, 500 // PARTS, 50, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])
            for part in range(1, PARTS + 1)
        ),
    ],
)
def test_both_databases_and_the_model_agree(
    both: tuple[Store, ...], part: int, runs: int, steps: int
) -> None:
    run(seed(part)(on(both)), runs, steps)
