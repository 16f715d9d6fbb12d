"""Run it: web and worker in one process, or each alone."""

import signal
import socket
from types import FrameType

import click
from flask import Flask
from prometheus_client import start_http_server

from connector.app import App
from connector.commands.common import json_option, print_json, running, settings_here
from connector.errors import ConfigurationError
from connector.settings import Settings
from connector.store import Store
from connector.worker.run import Worker

Address = tuple[str, int]


@click.command()
def serve() -> None:
    """Serve webhooks and do the work in one process, on SQLite. For several machines: `web` and `worker`."""
    from webhooks import create_app
    from webhooks.serve import embedded_server

    with running(settings_here()) as app:
        _free((app.settings.host, app.settings.port), "DEALGATE_BIND")
        server = embedded_server(create_app(app.settings, app.store, app.metrics, app.clock), app.settings)
        signal.signal(signal.SIGTERM, _interrupt)
        worker = Worker(app)
        worker.start()
        click.echo(f"Dealgate listens on {app.settings.host}:{server.effective_port}.", err=True)
        try:
            server.run()
        finally:
            server.close()
            worker.stop()


@click.command()
def web() -> None:
    """Serve webhooks with several processes; needs PostgreSQL."""
    from webhooks import create_app
    from webhooks.serve import serve_web

    settings = settings_here()
    settings.needs_account()
    _needs_postgresql(settings, "web")
    with App.build(settings) as app:  # what is wrong is told once, here, and not by each process
        app.start()
    _free((settings.host, settings.port), "DEALGATE_BIND")

    def build() -> Flask:
        app = App.build(settings)
        app.start()
        return create_app(settings, app.store, app.metrics, app.clock)

    serve_web(build, settings)


@click.command()
def worker() -> None:
    """Do the work, beside any number of other workers; needs PostgreSQL."""
    settings = settings_here()
    settings.needs_account()
    _needs_postgresql(settings, "worker")
    with running(settings) as app:
        if settings.metrics_bind:
            _free(settings.metrics_bind, "DEALGATE_METRICS_BIND")
            host, port = settings.metrics_bind
            start_http_server(port, host, app.metrics.registry)
        Worker(app).run()


@click.command()
@click.option("--from", "source", metavar="URL", help="Then copy all that this other database holds.")
@json_option
def migrate(source: str | None, *, as_json: bool) -> None:
    """Bring the database to this version's schema. Safe to run twice and from several machines.

    With --from, an empty database takes over everything of another one, as when SQLite becomes too small.
    """
    with App.build(settings_here()) as app:
        app.store.migrate()
        copied = _taken_over(app.store, source) if source else None
    if as_json:
        print_json({"migrated": True, "copied": copied})
    else:
        click.echo("The database is up to date." if copied is None else f"{copied} rows are copied.")


def _taken_over(store: Store, source: str) -> int:
    try:
        other = Store.open(source)
    except ConfigurationError as error:
        raise ConfigurationError(error.message, where="--from", hint=error.hint) from error
    try:
        return store.take_over(other)
    finally:
        other.close()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _free(address: Address, setting: str) -> None:
    """Refuse an address that is taken or not this machine's, before anything is started."""
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise ConfigurationError(
            f"Cannot listen on {host}:{port}: {error.strerror}.",
            where=setting,
            hint="Does another Dealgate run here? End it, or choose another address.",
        ) from error


def _needs_postgresql(settings: Settings, command: str) -> None:
    if settings.embedded:
        raise ConfigurationError(
            f"`dealgate {command}` needs PostgreSQL.",
            where="DATABASE_URL",
            hint="Set it to postgresql://..., or run `dealgate serve`, which needs no database server.",
        )
