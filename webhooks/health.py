"""/healthz: the process lives. /readyz: the store answers. /metrics: counts for Prometheus."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST

from connector.errors import StoreUnavailable
from connector.observe import Metrics
from connector.settings.records import Settings
from connector.store import Store
from webhooks.replies import reply


def blueprint(settings: Settings, store: Store, metrics: Metrics, clock: Callable[[], datetime]) -> Blueprint:
    """Return the routes that look after the process. They need no signature and tell no business."""
    routes = Blueprint("health", __name__)
    accounts = [account.name for account in settings.accounts]

    def alive() -> Response:
        return reply(HTTPStatus.OK, status="ok")

    def ready() -> Response:
        store.ping()
        return reply(HTTPStatus.OK, status="ready", backlog_seconds=_backlog_age(accounts, store, clock()))

    def counts() -> Response:
        with suppress(StoreUnavailable):
            _gauge(accounts, store, metrics, clock())
        return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)

    for path, view in (("/healthz", alive), ("/readyz", ready), ("/metrics", counts)):
        routes.add_url_rule(path, view_func=view, methods=["GET"], provide_automatic_options=False)
    return routes


def _gauge(accounts: Sequence[str], store: Store, metrics: Metrics, now: datetime) -> None:
    """Set what is true at this moment, whichever process it happened in."""
    metrics.backlog_age.set(_backlog_age(accounts, store, now))
    for account in accounts:
        metrics.parked.labels(account).set(store.bells.backlog(account, now).parked)
        metrics.brakes.labels(account).set(store.accounts.get(account).tripped(now))


def _backlog_age(accounts: Sequence[str], store: Store, now: datetime) -> float:
    """Return for how many seconds the oldest bell of all accounts has been due."""
    oldest = [store.bells.backlog(account, now).oldest for account in accounts]
    return max((max((now - since).total_seconds(), 0.0) for since in oldest if since), default=0.0)
