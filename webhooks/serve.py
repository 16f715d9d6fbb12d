"""Serving: waitress inside the one process of `dealgate serve`, gunicorn for `dealgate web`."""

import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event, Lock
from typing import Protocol

import waitress
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from prometheus_client.multiprocess import mark_process_dead
from waitress import wasyncore

from connector.observe import share_metrics
from connector.settings.records import Settings

_HEADER_LIMIT = 32_768
_REQUEST_SECONDS = 30
_LOOK_SECONDS = 0.5


class Server:
    """The threaded server that shares its process with the worker, bound to its address when made."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._closing, self._ending = Event(), Lock()
        self._sockets: dict[int, object] = {}
        self._server = waitress.create_server(
            app,
            map=self._sockets,
            host=settings.host,
            port=settings.port,
            threads=settings.web_threads,
            # waitress counts the framing of chunks too; `raw_body` holds the cap to the byte.
            max_request_body_size=2 * settings.body_limit,
            max_request_header_size=_HEADER_LIMIT,
            channel_timeout=_REQUEST_SECONDS,
            ident=None,
        )

    @property
    def effective_port(self) -> int:
        """Return the port, also where 0 was asked for."""
        listening = getattr(self._server, "effective_listen", None)  # several, e.g. for localhost
        port: int = listening[0][1] if listening else self._server.effective_port
        return port

    def run(self) -> None:
        """Serve until `close` is called, from any thread, or an interrupt; then finish what is in hand.

        waitress's own loop would run on while any client keeps its connection open.
        """
        with suppress(KeyboardInterrupt, SystemExit):
            while not self._closing.is_set():
                wasyncore.loop(timeout=_LOOK_SECONDS, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown(timeout=_REQUEST_SECONDS)
        with self._ending:
            self._closing.set()
            wasyncore.close_all(self._sockets, ignore_all=True)

    def close(self) -> None:
        """Ask `run` to end; once it has, do nothing: its trigger's number may be another file's by then."""
        with self._ending:
            if self._sockets:
                self._closing.set()
                self._server.pull_trigger()


def embedded_server(app: Flask, settings: Settings) -> Server:
    """Bind and return the embedded server."""
    return Server(app, settings)


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
        "logger_class": _Log,
        "control_socket_disable": True,
        "child_exit": _forget,
    }


def _forget(_arbiter: object, worker: "_Worker") -> None:
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


class _Log(Logger):  # type: ignore[misc]
    """gunicorn's lines among ours. At its level debug it writes the path of each request, which holds the
    token of Salesforce's address and the links of approvers."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(max(logging.INFO, logging.getLogger().level))


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
