"""The two servers that `benchmarks.ingest` compares, each in a process of its own.

`product` is the real edge. `floor` is what cannot be spared: the same server and framework, orjson and the
same upsert through the same engine; no verification, validation, counting or headers. `bare` is the floor
without Flask, to tell what Flask costs.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, request

from connector.deals import ObjectType
from connector.observe import Metrics
from connector.settings import Settings, read_settings
from connector.store import Ring, Store
from webhooks import create_app
from webhooks.serve import embedded_server, serve_web

Wsgi = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def floor(store: Store) -> Flask:
    """Return the application that only reads JSON and rings."""
    app = Flask(__name__, static_folder=None)

    @app.post("/webhooks/hubspot")
    def receive() -> Response:
        store.bells.ring(_rings(request.get_data(cache=False)), now())
        return Response(b"{}", mimetype="application/json")

    return app


def bare(store: Store) -> Wsgi:
    """Return the same without a framework."""

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        store.bells.ring(_rings(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))), now())
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
        return [b"{}"]

    return application


def _rings(body: bytes) -> set[Ring]:
    return {("bench", ObjectType.DEAL, str(event["objectId"])) for event in orjson.loads(body)}


def application(kind: str, settings: Settings) -> Any:
    """Return the WSGI application of this kind on a store of its own."""
    store = Store.open(settings.database_url)
    if kind == "product":
        return create_app(settings, store, Metrics(), now)
    return floor(store) if kind == "floor" else bare(store)


def main(kind: str) -> None:
    """Serve: waitress on SQLite, gunicorn with two workers on PostgreSQL."""
    logging.basicConfig(level=logging.ERROR)
    settings = read_settings(os.environ, Path("/nonexistent"))
    if settings.embedded:
        embedded_server(application(kind, settings), settings).run()
    else:
        serve_web(lambda: application(kind, settings), settings)


if __name__ == "__main__":
    main(sys.argv[1])
