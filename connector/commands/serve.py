"""Run it: web and worker in one process, or each alone."""

import signal
from types import FrameType

import click
from flask import Flask
from prometheus_client import start_http_server

from connector.app import App
from connector.commands.common import running, settings_here
from connector.errors import ConfigurationError
from connector.settings import Settings
from connector.worker.run import Worker


@click.command()
def serve() -> None:
    """Serve webhooks and do the work in one process, on SQLite. For several machines: `web` and `worker`."""
    from webhooks import create_app
    from webhooks.serve import embedded_server

    with running(settings_here()) as app:
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
    _needs_postgresql(settings, "web")

    def build() -> Flask:
        app = App.build(settings)
        app.start()
        return create_app(settings, app.store, app.metrics, app.clock)

    serve_web(build, settings)


@click.command()
def worker() -> None:
    """Do the work, beside any number of other workers; needs PostgreSQL."""
    settings = settings_here()
    _needs_postgresql(settings, "worker")
    with running(settings) as app:
        if settings.metrics_bind:
            host, port = settings.metrics_bind
            start_http_server(port, host, app.metrics.registry)
        Worker(app).run()


@click.command()
def migrate() -> None:
    """Bring the database to this version's schema. Safe to run twice and from several machines."""
    with App.build(settings_here()) as app:
        app.store.migrate()
    click.echo("The database is up to date.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _needs_postgresql(settings: Settings, command: str) -> None:
    if settings.embedded:
        raise ConfigurationError(
            f"`dealgate {command}` needs PostgreSQL.",
            where="DATABASE_URL",
            hint="Set it to postgresql://..., or run `dealgate serve`, which needs no database server.",
        )
