"""Run it: web and worker in one process, or each alone."""

import click

from connector.app import App, utc_now
from connector.commands.common import running, settings_here
from connector.errors import ConfigurationError
from connector.worker.run import Worker


@click.command()
def serve() -> None:
    """Serve webhooks and do the work in one process, on SQLite. For several machines: `web` and `worker`."""
    from webhooks import create_app
    from webhooks.serve import serve_embedded

    with running() as app:
        _needs_account(app)
        worker = Worker(app)
        worker.start()
        click.echo(f"Dealgate listens on {app.settings.host}:{app.settings.port}.", err=True)
        try:
            serve_embedded(create_app(app.settings, app.store.bells, app.metrics, utc_now), app.settings)
        finally:
            worker.stop()


@click.command()
def web() -> None:
    """Serve webhooks with several processes; needs PostgreSQL."""
    from webhooks.serve import serve_forked

    settings = settings_here()
    _needs_postgresql(settings.embedded, "web")
    serve_forked(settings)


@click.command()
def worker() -> None:
    """Do the work, beside any number of other workers; needs PostgreSQL."""
    with running() as app:
        _needs_postgresql(app.settings.embedded, "worker")
        _needs_account(app)
        Worker(app).run()


@click.command()
def migrate() -> None:
    """Bring the database to this version's schema. Safe to run twice and from several machines."""
    with App.build(settings_here()) as app:
        app.store.migrate()
    click.echo("The database is up to date.")


def _needs_account(app: App) -> None:
    app.settings.account(app.accounts[0] if app.accounts else None)
    for name in app.accounts:
        app.desk(name).pictures.policy(app.clock())


def _needs_postgresql(embedded: bool, command: str) -> None:  # noqa: FBT001
    if embedded:
        raise ConfigurationError(
            f"`dealgate {command}` needs PostgreSQL.",
            where="DATABASE_URL",
            hint="Set it to postgresql://..., or run `dealgate serve`, which needs no database server.",
        )
