"""What a draft would have done to the deals of the past."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from connector.backtest.crossing import Crossing
from connector.backtest.report import Json, report
from connector.backtest.tally import Tally
from connector.backtest.trial import Trial
from connector.commands.backtest_page import page
from connector.commands.backtest_table import show
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.csv_past import past_of
from connector.commands.periods import Since, since_option
from connector.commands.sources import LIVE, draft_named, is_file
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.worker.past import crm_past

_USUALLY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for on the command line."""

    draft: str
    since: Since | None
    data: Path | None
    against: str | None
    hours: int | None
    assume_today: bool


@click.command()
@click.argument("draft")
@since_option
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Read the deals from the files of this folder, not from the CRM.",
)
@click.option("--against", metavar="POLICY", help="Compare with this file or version; from the CRM: `live`.")
@click.option(
    "--decision-hours",
    "hours",
    type=click.IntRange(1, 1000),
    metavar="HOURS",
    help="How many hours of work a decision takes.",
)
@click.option("--assume-today", is_flag=True, help="Where a field has no history, take its value of today.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as a page, too."
)
@account_option
@json_option
def backtest(*, html: Path | None, account: str | None, as_json: bool, **options: Any) -> None:
    """Judge past crossings of the gates as DRAFT would.

    DRAFT is a file, a version or `live`. It tells what would have been stopped and why, who would have
    been asked how often, what waiting that adds, and which answers change. Nothing is written. Without
    --since: the last 90 days, with --data all of them.

    What nobody knows any more about a deal is unknown: the report begins with the share it can decide.
    """
    found = _found(_Asked(**options), account)
    if html:
        _write(html, page(found))
    if as_json:
        print_json(found)
        return
    show(found)
    if html:
        click.echo(f"Written: {html}")


def _found(asked: _Asked, account: str | None) -> Json:
    files = is_file(asked.draft) and (asked.against is None or is_file(asked.against))
    if asked.data is not None and files:
        return _of_files(asked, asked.data, None)
    with at_desk(account) as desk:
        return _of_files(asked, asked.data, desk) if asked.data is not None else _of_crm(asked, desk)


def _of_files(asked: _Asked, data: Path, desk: Desk | None) -> Json:
    policy = draft_named(asked.draft, desk).policy
    live = draft_named(asked.against, desk).policy if asked.against else None
    past = past_of(data, policy)
    other = Trial(live, past_of(data, live).world) if live else None
    tally = Tally(Trial(policy, past.world, asked.hours), other)
    return report(tally.add_all(_since(past.crossings, asked.since)))


def _since(crossings: Iterable[Crossing], since: Since | None) -> Iterable[Crossing]:
    """Leave out what is older; a span counts back from the newest crossing of the files."""
    if since is None:
        return crossings
    known = tuple(crossings)
    newest = max((one.at for one in known), default=None)
    begin = since.before(newest) if newest else None
    return (one for one in known if begin is None or one.at >= begin)


def _of_crm(asked: _Asked, desk: Desk) -> Json:
    policy, live = draft_named(asked.draft, desk).policy, draft_named(asked.against or LIVE, desk).policy
    begin = (asked.since or Since(_USUALLY)).before(desk.now())
    past = crm_past(desk, (live, policy), begin, assume_today=asked.assume_today)
    tally = Tally(Trial(policy, past.world(policy), asked.hours), Trial(live, past.world(live)))
    return report(tally.add_all(past.crossings()))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"It cannot be written: {error.strerror}.", where=str(path)) from error
