"""The stage: a sandbox CRM, and the product as `dealgate serve` runs it, joined by real HTTP."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from connector.app import App, utc_now
from connector.desk import Desk
from connector.mail import Mailer
from connector.settings import read_settings
from connector.worker.run import Worker
from sandbox.company import Company
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.webhooks import WebhookTarget
from webhooks import create_app
from webhooks.serve import Server, embedded_server

SECRET = "sandbox-client-secret"  # noqa: S105  the sandbox's own


@dataclass(slots=True)
class Stage:
    """Both sides of the play. `target` is where the sandbox delivers its webhooks."""

    crm: HubSpotSandbox
    app: App
    desk: Desk
    worker: Worker
    target: WebhookTarget
    _server: Server = field(repr=False)

    def settle(self, timeout: float = 60.0) -> bool:
        """Wait until every webhook is delivered and every bell answered; return whether that came to be."""
        end = time.monotonic() + timeout
        self.crm.wait_webhooks_idle(timeout)
        while time.monotonic() < end:
            waiting = self.desk.store.bells.backlog(self.desk.account, utc_now())
            if not waiting.due and not waiting.leased and self.crm.wait_webhooks_idle(0.01):
                return True
            time.sleep(0.02)
        return False

    def connector_down(self) -> None:
        """Stop the worker, and lose every webhook."""
        self.worker.stop()
        self.crm.subscribe(replace(self.target, loss=1.0))

    def connector_up(self) -> None:
        """Start the worker and hear webhooks again; what was lost stays lost until a sweep."""
        self.crm.subscribe(self.target)
        self.worker = Worker(self.app)
        self.worker.start()


@contextmanager
def on_stage(
    company: Company,
    policy: Path,
    folder: Path,
    *,
    database_url: str | None = None,
    mailer: Mailer | None = None,
    extra: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Iterator[Stage]:
    """Start everything, provision the CRM, and stop it all at the end."""
    with HubSpotSandbox(company, limits=limits) as crm:
        settings = read_settings(_environment(crm, policy, folder, database_url) | dict(extra or {}), folder)
        with App.build(settings) as app:
            app.mailer = mailer or app.mailer
            app.start()
            server = embedded_server(create_app(settings, app.store, app.metrics, app.clock), settings)
            web = threading.Thread(target=server.run, daemon=True, name="web")
            web.start()
            desk = app.desk()
            desk.crm.install(desk.picture().wanted)
            target = WebhookTarget(f"{settings.public_url}/webhooks/hubspot", SECRET)
            crm.subscribe(target)
            stage = Stage(crm, app, desk, Worker(app), target, server)
            stage.worker.start()
            try:
                yield stage
            finally:
                stage.worker.stop()
                if crm.webhooks is not None:
                    crm.webhooks.close()  # the server waits for whoever is still connected
                server.close()
                web.join(5)


def _environment(crm: HubSpotSandbox, policy: Path, folder: Path, database_url: str | None) -> dict[str, str]:
    port = free_port()
    return {
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'dealgate.db'}",
        "DEALGATE_POLICY": str(policy.resolve()),
        "DEALGATE_BIND": f"127.0.0.1:{port}",
        "DEALGATE_LOG_LEVEL": "error",
        "HUBSPOT_ACCESS_TOKEN": crm.token,
        "HUBSPOT_CLIENT_SECRET": SECRET,
        "HUBSPOT_PORTAL_ID": str(crm.account.setup.portal_id),
        "HUBSPOT_APP_ID": str(crm.account.setup.app_id),
        "HUBSPOT_API_URL": crm.url,
    }


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
