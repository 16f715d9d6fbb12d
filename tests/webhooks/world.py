"""A real edge for tests: two portals, their secrets, a real store, and a sender that signs as HubSpot does."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from connector.observe import Metrics
from connector.settings import HubSpotAccount, Settings, read_settings
from connector.store import Store
from connector.store.tables import bells as bells_table
from connector.store.tables import metadata
from webhooks import create_app

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PUBLIC_URL = "https://ops.example.com"
PATH = "/webhooks/hubspot"
NORTH, SOUTH = "secret-of-north", "secret-of-south"
NORTH_PORTAL, SOUTH_PORTAL = 4242001, 4242002


def account(name: str, portal: int, *secrets: str) -> HubSpotAccount:
    return HubSpotAccount(
        name=name,
        portal_id=str(portal),
        access_token="t0ken",
        client_secrets=secrets,
        app_id="77001",
        api_url="https://api.example.com",
        policy=Path("policy.yaml"),
    )


def settings(directory: Path, **changes: object) -> Settings:
    accounts = (account("north", NORTH_PORTAL, NORTH), account("south", SOUTH_PORTAL, SOUTH))
    start = read_settings({"DEALGATE_PUBLIC_URL": PUBLIC_URL}, directory)
    return replace(start, **{"hubspot": accounts} | changes)


def stamp(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def sign(
    body: bytes,
    secret: str = NORTH,
    *,
    uri: str = PUBLIC_URL + PATH,
    at: str = stamp(NOW),
    method: str = "POST",
) -> str:
    """Sign as the vendor's page says, on our own: not with the code under test."""
    signed = method.encode() + uri.encode() + body + at.encode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def headers(body: bytes, secret: str = NORTH, at: str = stamp(NOW), **how: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "X-HubSpot-Request-Timestamp": at,
        "X-HubSpot-Signature-v3": sign(body, secret, at=at, **how),
    }


def changed(deal: int, portal: int = NORTH_PORTAL, **members: object) -> dict[str, object]:
    return {
        "eventId": 1,
        "subscriptionId": 2,
        "portalId": portal,
        "appId": 77001,
        "occurredAt": int(stamp(NOW)),
        "subscriptionType": "deal.propertyChange",
        "attemptNumber": 0,
        "objectId": deal,
        "propertyName": "dealstage",
        "propertyValue": "contract",
        "changeSource": "CRM_UI",
        "sourceId": "userId:9101",
    } | members


@dataclass(frozen=True)
class World:
    app: Flask
    store: Store
    metrics: Metrics

    def post(self, body: bytes, given: Mapping[str, str] | None = None, path: str = PATH) -> TestResponse:
        return self.app.test_client().post(path, data=body, headers=headers(body) if given is None else given)

    def send(self, *events: object, secret: str = NORTH) -> TestResponse:
        body = orjson.dumps(events)
        return self.post(body, headers(body, secret))

    def rung(self) -> set[tuple[str, str, str]]:
        table = bells_table
        with self.store.database.read() as reading:
            return {tuple(row) for row in reading.execute(select(table.c.account, table.c.type, table.c.id))}

    def counted(self, account: str, outcome: str) -> float:
        labels = {"source": "hubspot", "account": account, "outcome": outcome}
        return self.metrics.registry.get_sample_value("dealgate_webhook_events_total", labels) or 0.0


def world(
    directory: Path, url: str | None = None, clock: Callable[[], datetime] = lambda: NOW, **changes: object
) -> World:
    """Open a new edge on a new SQLite file, or on the database of `url`."""
    store, metrics = Store.open(url or f"sqlite:///{directory / 'dealgate.db'}"), Metrics()
    metadata.create_all(store.database.engine)
    return World(create_app(settings(directory, **changes), store, metrics, clock), store, metrics)
