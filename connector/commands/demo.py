"""The demo: a sandbox CRM and the product, a story that ends by itself, and what it cost."""

import tempfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import click
from rich.console import Console

from connector.demo.stage import Silent, on_stage
from connector.errors import ConfigurationError
from connector.observe import configure_logging


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Replay the deals of this folder instead.",
)
@click.option("--most", type=click.IntRange(1), help="With --data: replay only the first so many deals.")
def demo(data: Path | None, most: int | None) -> None:
    """Run the whole story on a sandbox CRM; nothing to set up, no account anywhere."""
    configure_logging(level="error")
    console = Console()
    with tempfile.TemporaryDirectory(prefix="dealgate-demo-") as folder:
        if data is None:
            _story(console, Path(folder))
        else:
            _replay(console, Path(folder), data, most)


def _story(console: Console, folder: Path) -> None:
    from connector.demo.show import calls_table, final_table, show_deal
    from connector.demo.story import SCENES, Story, what_was_there
    from sandbox.generator import generate

    now = datetime.now(UTC)
    company = generate(200, seed=1, now_ms=int(now.timestamp() * 1000))
    with on_stage(company, policy("company"), folder, mailer=Silent()) as stage:
        story = Story(stage, now)
        console.rule("Dealgate on a HubSpot in small")
        console.print(
            f"{what_was_there(story)} open deals were there before Dealgate came: badges, no tasks.\n"
        )
        for number, scene in enumerate(SCENES, 1):
            console.print(f"[bold]{number:>2}[/] {scene.title}")
            deals = scene.play(story)
            story.settle()
            for deal in deals:
                show_deal(console, stage, deal)
        console.print(final_table(stage, story.deals.values()))
        console.print(calls_table(stage.crm.calls, len(stage.crm.deals())))


def _replay(console: Console, folder: Path, data: Path, most: int | None) -> None:
    from connector.demo.replay import replay
    from sandbox.loaders import crm_sales

    if not data.is_dir() or not crm_sales.recognises(data):
        raise ConfigurationError(
            "This folder holds no data that the demo can replay.",
            where=str(data),
            hint="It needs sales_pipeline.csv, products.csv, accounts.csv and sales_teams.csv.",
        )
    replay(console, crm_sales.load(data), policy("crm_sales"), folder, most)


def policy(name: str) -> Path:
    """Return the path of one of the sandbox's policies."""
    return Path(str(files("sandbox") / "policies" / f"{name}.yaml"))
