"""Serving: waitress inside the one process of `dealgate serve`, gunicorn for `dealgate web`."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from typing import Protocol, cast

import waitress
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from prometheus_client.multiprocess import mark_process_dead

from connector.observe import share_metrics
from connector.settings.records import Settings

_HEADER_LIMIT = 32_768
_REQUEST_SECONDS = 30


class Server(Protocol):
    """A server that is bound: `run` serves until `close`."""

    effective_port: int

    def run(self) -> None: ...
    def close(self) -> None: ...


def embedded_server(app: Flask, settings: Settings) -> Server:
    """Bind and return the threaded server that shares its process with the worker."""
    server = waitress.create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.web_threads,
        # waitress counts the framing of chunks too; `raw_body` holds the cap to the byte.
        max_request_body_size=2 * settings.body_limit,
        max_request_header_size=_HEADER_LIMIT,
        channel_timeout=_REQUEST_SECONDS,
        ident=None,
    )
    return cast("Server", server)


def serve_web(build: Callable[[], Flask], settings: Settings) -> None:
    """Serve with several processes until told to stop. `build` runs in each of them after the fork:
    a database connection must not be shared."""
    shared = tempfile.mkdtemp(prefix="dealgate-metrics-")
    share_metrics(shared)
    _Web(build, {**_options(settings), "on_exit": lambda _arbiter: shutil.rmtree(shared)}).run()


def _options(settings: Settings) -> Mapping[str, object]:
    return {
        "bind": f"{settings.host}:{settings.port}",
        "workers": settings.web_workers,
        "worker_class": "sync",
        "timeout": _REQUEST_SECONDS,
        "graceful_timeout": _REQUEST_SECONDS,
        "loglevel": settings.log_level,
        "control_socket_disable": True,
        "child_exit": _forget,
    }


def _forget(_arbiter: object, worker: "_Worker") -> None:
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


class _Worker(Protocol):
    pid: int


class _Web(BaseApplication):  # type: ignore[misc]
    """gunicorn without a command line of its own."""

    def __init__(self, build: Callable[[], Flask], options: Mapping[str, object]) -> None:
        self._build = build
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._build()
