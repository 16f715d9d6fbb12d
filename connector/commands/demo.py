"""The demo: sandbox CRMs and the product, a story that ends by itself, and what it cost."""

import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import click
from rich.console import Console

from connector.commands.common import json_option, print_json
from connector.errors import ConfigurationError, CrmUnavailable
from connector.observe import configure_logging

_CRMS = {"both": ("hubspot", "salesforce"), "hubspot": ("hubspot",), "salesforce": ("salesforce",)}


@click.command()
@click.option(
    "--crm",
    type=click.Choice(list(_CRMS)),
    default="both",
    show_default=True,
    help="Where the story plays; --data plays it in one after the other.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Replay the deals of this folder instead.",
)
@click.option("--most", type=click.IntRange(1), help="With --data: replay only the first so many deals.")
@json_option
def demo(crm: str, data: Path | None, most: int | None, *, as_json: bool) -> None:
    """Run the whole story on sandbox CRMs; nothing to set up, no account anywhere."""
    if most and data is None:
        raise click.UsageError("--most goes with --data.")
    configure_logging(level="critical")
    console = Console(file=sys.stderr if as_json else None, highlight=False)
    crms = _CRMS[crm]
    with tempfile.TemporaryDirectory(prefix="dealgate-demo-") as name:
        folder = Path(name)
        found = _story(console, folder, crms) if data is None else _replay(console, folder, crms, data, most)
    if as_json:
        print_json(found)


def _story(console: Console, folder: Path, crms: tuple[str, ...]) -> dict[str, object]:
    from connector.demo import show
    from connector.demo.cast import sides
    from connector.demo.delivery import with_capacity
    from connector.demo.stage import Silent, on_stage
    from connector.demo.story import SCENES, Story, what_was_there
    from sandbox.generator import generate

    started, now = time.monotonic(), datetime.now(UTC)
    company = generate(200, seed=1, now_ms=int(now.timestamp() * 1000))
    with (
        sides(company, crms) as cast,
        on_stage(cast, with_capacity(policy("company"), folder), folder, mailer=Silent()) as stage,
    ):
        console.rule(f"Dealgate on {' and '.join(f'a {side.title}' for side in cast)} in small")
        story = Story(stage, now)
        console.print("The capacity plan is imported: six consultants, all of them planned for six weeks.")
        for side in cast:
            count = what_was_there(stage, side)
            console.print(
                f"{side.title}: {count} open deals were there before Dealgate came: badges, no tasks."
            )
        for number, scene in enumerate(SCENES, 1):
            console.print(f"\n[bold]{number:>2}[/] {scene.title}")
            with console.status("Dealgate looks at it"):
                deals = scene.play(story)
                settled = story.settle()
            if not settled:
                raise CrmUnavailable("The demo came to no end on this machine.", hint="Is it very busy?")
            for deal in deals:
                show.show_deal(console, story, deal)
        names = [name for name in story.deals if not name.startswith("Imported")]
        console.print()
        console.print(show.final_table(story, names, console.width))
        console.print(show.calls_table(cast))
        seconds = time.monotonic() - started
        console.print(f'Told in {seconds:.0f} seconds. Next: README, "Run it for real".')
        return show.as_json(story, names, seconds)


def _replay(
    console: Console, folder: Path, crms: tuple[str, ...], data: Path, most: int | None
) -> dict[str, object]:
    from connector.demo.cast import sides
    from connector.demo.replay import bare, replay
    from sandbox.loaders import crm_sales

    if not data.is_dir() or not crm_sales.recognises(data):
        raise _no_data(data, "This folder holds no data that the demo can replay.")
    try:
        company, empty = bare(crm_sales.load(data), most)
    except (OSError, KeyError, ValueError, ArithmeticError) as error:
        raise _no_data(data, f"The data cannot be read: {type(error).__name__} {error}.") from error
    found: dict[str, object] = {}
    for name in crms:
        (folder / name).mkdir()
        with sides(empty, (name,)) as (side,):
            told = replay(console, side, company, policy("crm_sales"), folder / name)
        if not told.settled:
            raise CrmUnavailable("The replay came to no end on this machine.", hint="Is it very busy?")
        found[name] = told.as_json()
    return found


def _no_data(data: Path, message: str) -> ConfigurationError:
    hint = "It needs sales_pipeline.csv, products.csv, accounts.csv and sales_teams.csv (docs/sandbox.md)."
    return ConfigurationError(message, where=str(data), hint=hint)


def policy(name: str) -> Path:
    """Return the path of one of the sandbox's policies."""
    return Path(str(files("sandbox") / "policies" / f"{name}.yaml"))
