"""The stage: CRMs in small, and the product as `dealgate serve` runs it, joined by real HTTP."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connector.app import App, utc_now
from connector.demo.sides import DEAD, Side
from connector.desk import Clock, Desk
from connector.mail import Mailer
from connector.settings import read_settings
from connector.worker.run import Worker
from webhooks import create_app
from webhooks.serve import Server, embedded_server


@dataclass(slots=True)
class Stage:
    """All sides of the play: one product that works for every CRM."""

    sides: tuple[Side, ...]
    app: App
    worker: Worker
    _server: Server = field(repr=False)

    def desk(self, side: Side | None = None) -> Desk:
        """Return the product's desk of one side, or of the only one."""
        return self.app.desk(side.account if side else None)

    def settle(self, timeout: float = 60.0) -> bool:
        """Wait until everything was told and every bell answered; return whether that came to be."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            told = all(side.office.wait_idle(max(0.01, end - time.monotonic())) for side in self.sides)
            if told and not self.waiting() and all(side.office.wait_idle(0.01) for side in self.sides):
                return True
            time.sleep(0.02)
        return False

    def waiting(self) -> int:
        """Return how many bells are due or in hand."""
        left = [self.app.store.bells.backlog(side.account, self.app.clock()) for side in self.sides]
        return sum(one.due + one.leased for one in left)

    def connector_down(self) -> None:
        """Stop the worker, and lose every message of the CRMs."""
        self.worker.stop()
        for side in self.sides:
            side.listen(self.app.settings.public_url, DEAD)

    def connector_up(self) -> None:
        """Start the worker and hear messages again; what was lost stays lost until a sweep."""
        for side in self.sides:
            side.listen(self.app.settings.public_url)
        self.start()

    def start(self) -> None:
        """Let a new worker begin."""
        self.worker = Worker(self.app)
        self.worker.start()


@contextmanager
def on_stage(
    sides: Sequence[Side],
    policy: Path,
    folder: Path,
    *,
    database_url: str | None = None,
    mailer: Mailer | None = None,
    extra: Mapping[str, str] | None = None,
    clock: Clock = utc_now,
    working: bool = True,
) -> Iterator[Stage]:
    """Start the product, provision every CRM, and stop it all at the end. Without `working` nobody answers
    a bell before `start`."""
    settings = read_settings(_environment(sides, policy, folder, database_url) | dict(extra or {}), folder)
    with App.build(settings, clock=clock) as app:
        app.mailer = mailer or app.mailer
        app.start()
        server = embedded_server(create_app(settings, app.store, app.metrics, app.clock), settings)
        web = threading.Thread(target=server.run, daemon=True, name="web")
        web.start()
        stage = Stage(tuple(sides), app, Worker(app), server)
        for side in sides:
            side.provision(stage.desk(side), settings.public_url)
            side.listen(settings.public_url)
        if working:
            stage.worker.start()
        try:
            yield stage
        finally:
            stage.worker.stop()
            for side in sides:
                side.hang_up()  # the server waits for whoever is still connected
            server.close()
            web.join(5)


def _environment(
    sides: Sequence[Side], policy: Path, folder: Path, database_url: str | None
) -> dict[str, str]:
    environ = {
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'dealgate.db'}",
        "DEALGATE_POLICY": str(policy.resolve()),
        "DEALGATE_BIND": f"127.0.0.1:{free_port()}",
        "DEALGATE_LOG_LEVEL": "error",
    }
    for side in sides:
        environ |= side.environ()
    return environ


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Silent:
    """A mailer that counts what it would send: the demo's mails go nowhere."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, mail: object) -> None:  # noqa: ARG002
        self.sent += 1

    def check(self) -> None:
        """Always well."""
