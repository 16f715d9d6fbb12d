"""What the commands share: settings, the app, the account option, JSON output."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click
import orjson

from connector.app import App
from connector.desk import Desk
from connector.errors import ConfigurationError, PolicyUnreadable
from connector.mail import Console
from connector.observe import configure_logging
from connector.settings import Settings, read_settings
from connector.store.bells import Backlog
from connector.worker.backfill import work_through

Command = TypeVar("Command", bound=Callable[..., object])


def account_option(command: Command) -> Command:
    """Add --account, needed only where there is more than one."""
    return click.option("--account", metavar="NAME", help="The CRM account, where there is more than one.")(
        command
    )


def json_option(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def settings_here() -> Settings:
    """Read the settings of this directory and set up the logs."""
    settings = read_settings(os.environ, Path.cwd())
    configure_logging(level=settings.log_level, as_json=settings.log_json)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # its steps are not news at every start
    return settings


def configured_policy(account: str | None) -> Path:
    """Return the policy file of the account; of the deployment where no account is set up yet."""
    settings = settings_here()
    return settings.account(account).policy if settings.accounts or account else settings.policy


@contextmanager
def running(settings: Settings) -> Iterator[App]:
    """Open the app with its database ready and every account's policy read, and close it."""
    settings.needs_account()
    with App.build(settings) as app:
        app.start()
        for name in app.accounts:
            _read_policy(app.desk(name))
        yield app


def _read_policy(desk: Desk) -> None:
    """Read the account's policy, so that what is wrong with it is told at once. One that an earlier version
    published and this one cannot read holds its deals and no others, until a corrected one is published."""
    try:
        desk.pictures.policy(desk.now())
    except PolicyUnreadable as error:
        desk.alarm(error.reason)
        click.echo(f"{desk.account}: {error}", err=True)


@contextmanager
def at_desk(account: str | None, crm: str | None = None) -> Iterator[Desk]:
    """Open the desk of one account; of this vendor, where one is named."""
    settings = settings_here()
    name = settings.account(account, crm).name  # a wrong one is told before the database is touched
    with App.build(settings) as app:
        app.start()
        if settings.smtp_url is None:  # what a command prints stays its own: mail goes beside it
            app.mailer = Console(settings.mail_from, sys.stderr)
        yield app.desk(name)


def look_again(desk: Desk) -> tuple[int, Backlog]:
    """Look again at every deal that is open, shows a blocked stage or is asked about; return how many those
    are, and what waits for later."""
    rung = {deal for pages in (desk.crm.showing(), desk.crm.open_deals()) for page in pages for deal in page}
    rung |= desk.store.views.asked(desk.account)
    return len(rung), work_through(desk, rung)


def come_back(desk: Desk) -> None:
    """Return to an account that was uninstalled: nobody is asked there any more by a task that is closed."""
    if desk.store.accounts.get(desk.account).uninstalled:
        work_through(desk, desk.store.views.asked(desk.account))
        desk.store.accounts.come_back(desk.account)


def say_left(left: int) -> None:
    """Say that some records could not be brought in line yet."""
    if left:
        click.echo(
            f"{left} could not be brought in line yet: a worker goes on trying (`dealgate doctor`).",
            err=True,
        )


def agreed(question: str, *, yes: bool, as_json: bool) -> bool:
    """Ask, unless --yes has said so; with --json nothing is asked, and it is a no."""
    if yes or as_json:
        return yes
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        if sys.stdin and sys.stdin.isatty():
            raise
        raise ConfigurationError(
            "Nobody answered, so nothing was done.", where="--yes", hint="Say it where nobody can answer."
        ) from None


def must_agree(question: str, *, yes: bool, as_json: bool) -> None:
    """Ask about what cannot be taken back; end the command where it is not agreed to."""
    if as_json and not yes:
        raise ConfigurationError(
            "With --json nothing is asked, so nothing was done.", where="--yes", hint="Say it too."
        )
    if not agreed(question, yes=yes, as_json=as_json):
        raise click.Abort


def print_json(value: object) -> None:
    """Print one JSON object on one line."""
    click.echo(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode())
