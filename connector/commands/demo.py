"""The demo: a sandbox CRM and the product, a story that ends by itself, and what it cost."""

import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import click
from rich.console import Console

from connector.commands.common import json_option, print_json
from connector.demo.stage import Silent, on_stage
from connector.errors import ConfigurationError, CrmUnavailable
from connector.observe import configure_logging

_ADD_ON = 250  # calls in 10 seconds with HubSpot's API limit add-on: the story is told in half a minute


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Replay the deals of this folder instead.",
)
@click.option("--most", type=click.IntRange(1), help="With --data: replay only the first so many deals.")
@json_option
def demo(data: Path | None, most: int | None, *, as_json: bool) -> None:
    """Run the whole story on a sandbox CRM; nothing to set up, no account anywhere."""
    if most and data is None:
        raise click.UsageError("--most goes with --data.")
    configure_logging(level="critical")
    console = Console(file=sys.stderr if as_json else None, highlight=False)
    with tempfile.TemporaryDirectory(prefix="dealgate-demo-") as folder:
        found = _story(console, Path(folder)) if data is None else _replay(console, Path(folder), data, most)
    if as_json:
        print_json(found)


def _story(console: Console, folder: Path) -> dict[str, object]:
    from connector.demo import show
    from connector.demo.story import SCENES, Story, what_was_there
    from sandbox.generator import generate
    from sandbox.hubspot.ratelimit import Limits

    started, now = time.monotonic(), datetime.now(UTC)
    company = generate(200, seed=1, now_ms=int(now.timestamp() * 1000))
    limits = Limits(burst=_ADD_ON)
    console.rule("Dealgate on a HubSpot in small")
    with on_stage(company, policy("company"), folder, mailer=Silent(), limits=limits) as stage:
        story = Story(stage, now)
        count = what_was_there(story)
        console.print(f"{count} open deals were there before Dealgate came: badges, no tasks.")
        for number, scene in enumerate(SCENES, 1):
            console.print(f"\n[bold]{number:>2}[/] {scene.title}")
            with console.status("Dealgate looks at it"):
                deals = scene.play(story)
                settled = story.settle()
            if not settled:
                raise CrmUnavailable("The demo came to no end on this machine.", hint="Is it very busy?")
            for deal in deals:
                show.show_deal(console, stage, deal)
        console.print()
        console.print(show.final_table(stage, story.deals.values(), console.width))
        console.print(show.calls_table(stage.crm.calls, len(stage.crm.deals())))
        seconds = time.monotonic() - started
        console.print(f'Told in {seconds:.0f} seconds. Next: README, "Run it for real".')
        return show.as_json(stage, story.deals.values(), seconds)


def _replay(console: Console, folder: Path, data: Path, most: int | None) -> dict[str, object]:
    from connector.demo.replay import replay
    from sandbox.loaders import crm_sales

    if not data.is_dir() or not crm_sales.recognises(data):
        raise _no_data(data, "This folder holds no data that the demo can replay.")
    try:
        company = crm_sales.load(data)
    except (OSError, KeyError, ValueError, ArithmeticError) as error:
        raise _no_data(data, f"The data cannot be read: {type(error).__name__} {error}.") from error
    found = replay(console, company, policy("crm_sales"), folder, most)
    if not found.settled:
        raise CrmUnavailable("The replay came to no end on this machine.", hint="Is it very busy?")
    return found.as_json()


def _no_data(data: Path, message: str) -> ConfigurationError:
    hint = "It needs sales_pipeline.csv, products.csv, accounts.csv and sales_teams.csv (docs/sandbox.md)."
    return ConfigurationError(message, where=str(data), hint=hint)


def policy(name: str) -> Path:
    """Return the path of one of the sandbox's policies."""
    return Path(str(files("sandbox") / "policies" / f"{name}.yaml"))
