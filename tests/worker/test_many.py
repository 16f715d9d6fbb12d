"""Several accounts in one deployment, several workers on one database."""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.support import without_brakes
from connector.app import App
from connector.deals import ObjectType
from connector.demo.cast import CRMS, sides
from connector.demo.sides import Side
from connector.desk import Desk
from connector.settings import read_settings
from connector.store.claims import Claim, Claims
from connector.worker.run import Worker
from sandbox.brightline import COMPLETE, EMPTY, sale
from sandbox.faults import Fault, FaultKind
from sandbox.hubspot.sandbox import HubSpotSandbox
from tests.conformance.house import put_off_sweep
from tests.hubspot_deals import furnish
from tests.worker.play import COMPANY, FAST, LENA, SHORT, Letters, Play, impatient, now, work

TWO = """
[accounts.north]
portal_id = 4242001
app_id = 77001
access_token = "$NORTH_TOKEN"
client_secret = "$NORTH_SECRET"
api_url = "{north}"

[accounts.south]
portal_id = 4242002
app_id = 77001
access_token = "$SOUTH_TOKEN"
client_secret = "$SOUTH_SECRET"
api_url = "{south}"
"""


@contextmanager
def two_accounts(folder: Path, database_url: str) -> Iterator[Mapping[str, Play]]:
    """One deployment, two companies."""
    with ExitStack() as stack:
        north = stack.enter_context(HubSpotSandbox(EMPTY, limits=FAST))
        south = stack.enter_context(HubSpotSandbox(EMPTY, limits=FAST, portal_id=4242002))
        (folder / "dealgate.toml").write_text(TWO.format(north=north.url, south=south.url))
        secrets = {"NORTH_TOKEN": north.token, "SOUTH_TOKEN": south.token}
        secrets |= {"NORTH_SECRET": "north-secret", "SOUTH_SECRET": "south-secret"}
        environ = {"DATABASE_URL": database_url, "DEALGATE_POLICY": str(COMPANY), **SHORT, **secrets}
        app = stack.enter_context(App.build(read_settings(environ, folder)))
        app.mailer = letters = Letters()
        app.make_crm = impatient
        app.start()
        for crm in (north, south):
            furnish(crm)
        yield {
            name: Play(crm, app, letters, lambda name=name: work(app.desk(name)))
            for name, crm in (("north", north), ("south", south))
        }


def test_one_accounts_trouble_does_not_hold_up_the_others_deals(tmp_path: Path, database_url: str) -> None:
    with two_accounts(tmp_path, database_url) as plays:
        north, south = plays["north"], plays["south"]
        app = north.app
        north.crm.faults.set([Fault(FaultKind.TIMEOUT)])
        deals = [south.sell(18) for _ in range(5)]
        stuck = north.sell(18)
        rings = [("north", stuck), *(("south", deal) for deal in deals)]
        app.store.bells.ring([(account, ObjectType.DEAL, deal) for account, deal in rings], now())
        worker = Worker(app)
        worker.start()
        try:
            assert settled(app, "south", 60)
        finally:
            worker.stop()
        assert {south.badge(deal) for deal in deals} == {"needs-sign-off"}
        assert north.badge(stuck) is None
        assert not app.store.alarms.recent("south", now(), timedelta(hours=1))


def test_the_same_deal_id_in_two_accounts_is_two_deals(tmp_path: Path, sqlite_url: str) -> None:
    with two_accounts(tmp_path, sqlite_url) as plays:
        ids = [play.sell(discount) for play, discount in zip(plays.values(), (18, 0), strict=True)]
        assert len(set(ids)) == 1
        for name, play in plays.items():
            play.app.store.bells.ring([(name, ObjectType.DEAL, ids[0])], now())
            assert play.settle()
        assert [play.badge(ids[0]) for play in plays.values()] == ["needs-sign-off", "ready"]


@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.parametrize(
    "deals", [200, pytest.param(4_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def test_four_workers_share_one_database(tmp_path: Path, postgresql_url: str, crm: str, deals: int) -> None:
    """Each deal is handled once for each time it was rung in between, and never by two at once."""
    watch = Watch()
    with sides(EMPTY, (crm,)) as (side,), ExitStack() as stack:
        side.lift_limits()
        apps = [stack.enter_context(at_work(side, postgresql_url, tmp_path, watch)) for _ in range(4)]
        desk = apps[0].desk()
        side.provision(desk, "https://ops.example.com")
        put_off_sweep(desk)  # what it rings would be handled once more
        ids = [
            side.office.create(LENA, sale(18 if number % 10 == 0 else 5, **COMPLETE))
            for number in range(deals)
        ]
        with running(apps):
            ring(desk, ids)
            assert settled(apps[0], desk.account, 300)
            assert watch.handled == Counter(ids)
            for some in (ids[:200], ids[100:300], ids[:200], ids[50:150]):
                ring(desk, some)
            assert settled(apps[0], desk.account, 60)
        assert not watch.met
        assert len(watch.workers) == 4
        badges = Counter(side.office.page(deal).readiness for deal in ids)
        assert badges == {"ready": deals - deals // 10, "needs-sign-off": deals // 10}
        assert {len(side.office.tasks(deal)) for deal in ids[::10]} == {1}


def ring(desk: Desk, deals: Iterable[str]) -> None:
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in deals], desk.now())


class Watch:
    """Sees who holds which deal: from after it was taken until before it is given back."""

    def __init__(self) -> None:
        self.handled: Counter[str] = Counter()
        self.workers: set[int] = set()
        self.met: list[str] = []
        self._held: set[str] = set()
        self._guard = threading.Lock()

    def took(self, worker: int, deals: Iterable[str]) -> None:
        with self._guard:
            self.workers.add(worker)
            self.handled.update(deals)
            self.met.extend(self._held.intersection(deals))
            self._held.update(deals)

    def gave(self, deals: Iterable[str]) -> None:
        with self._guard:
            self._held.difference_update(deals)


class WatchedClaims:
    """The claims of one worker, seen by the watch."""

    def __init__(self, claims: Claims, watch: Watch) -> None:
        self._claims, self._watch = claims, watch

    def take(self, *given: object) -> Claim | None:
        claim = self._claims.take(*given)
        self._watch.took(id(self), claim.deals if claim else ())
        return claim

    def finish(self, claim: Claim, *given: object, **named: object) -> None:
        self._watch.gave(claim.deals)
        self._claims.finish(claim, *given, **named)

    def __getattr__(self, name: str) -> object:
        return getattr(self._claims, name)


@contextmanager
def at_work(side: Side, database_url: str, folder: Path, watch: Watch) -> Iterator[App]:
    """One worker process's application; four of them may live in one test process."""
    environ = {
        "DATABASE_URL": database_url,
        "DEALGATE_POLICY": str(without_brakes("company", folder)),
        "DEALGATE_LOG_LEVEL": "error",
        "DEALGATE_POLL_SECONDS": "0.05",
        **side.environ(),
    }
    with App.build(read_settings(environ, folder)) as app:
        app.mailer = Letters()
        app.start()
        app.desk().crm.batch = 25
        app.store.claims = WatchedClaims(app.store.claims, watch)
        yield app


@contextmanager
def running(apps: Iterable[App]) -> Iterator[None]:
    workers = [Worker(app) for app in apps]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()


def settled(app: App, account: str, seconds: float) -> bool:
    """Wait until nothing of this account is due or in hand."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        left = app.store.bells.backlog(account, now())
        if not left.due and not left.leased:
            return True
        time.sleep(0.02)
    return False
