"""What the demo shows: a few lines for each scene, and tables at the end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from connector.demo.stage import Stage
from connector.texts import BADGES
from connector.verdicts import Readiness

_NARROW = 90  # columns below which the table leaves out what the lines above it said
_COLOURS = {
    Readiness.READY: "green",
    Readiness.EXCEPTION: "green",
    Readiness.NEEDS_INFO: "yellow",
    Readiness.NEEDS_SIGN_OFF: "yellow",
    Readiness.BLOCKED: "red",
    Readiness.NOT_ASSESSED: "dim",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One deal as its rep sees it now, and how many tasks hang on it."""

    name: str
    stage: str
    readiness: Readiness
    why: str
    tasks: int


def shown(stage: Stage, deal: str) -> Shown:
    """Read one deal off the CRM's screen."""
    values = stage.crm.deal(deal)
    readiness = Readiness(values.get("ops_readiness") or Readiness.NOT_ASSESSED)
    why = values.get("ops_readiness_reason", "")
    return Shown(values["dealname"], stage_name(stage, values), readiness, why, len(stage.crm.tasks_of(deal)))


def show_deal(console: Console, stage: Stage, deal: str) -> None:
    """Print one deal, whatever the width of the terminal."""
    one = shown(stage, deal)
    console.print(f"   [bold]{escape(one.name)}[/] in {escape(one.stage)}: {badge(one.readiness)}")
    console.print(Padding(escape(one.why), (0, 0, 0, 6)), style="dim")


def final_table(stage: Stage, deals: Iterable[str], width: int = _NARROW) -> Table:
    """Return the table of the story's deals: where they are, badge, reason and tasks."""
    wide = width >= _NARROW
    table = Table(title="What the CRM shows now", title_justify="left", expand=True)
    table.add_column("Deal", no_wrap=True)
    if wide:
        table.add_column("Stage", width=11)
    table.add_column("Readiness", width=14)
    table.add_column("Why, and what opens it", ratio=1)
    table.add_column("Tasks", justify="right", width=5)
    for deal in deals:
        one = shown(stage, deal)
        row = (one.name, one.stage, badge(one.readiness), one.why, str(one.tasks))
        table.add_row(*(row if wide else (row[0], *row[2:])))
    return table


def calls_table(calls: Mapping[str, int], deals: int) -> Table:
    """Return the table of CRM calls by route."""
    total = sum(calls.values())
    table = Table(title=f"{total:,} CRM calls for {deals:,} deals", title_justify="left")
    table.add_column("Route")
    table.add_column("Calls", justify="right")
    for route, count in Counter(calls).most_common(8):
        table.add_row(route, f"{count:,}")
    return table


def as_json(stage: Stage, deals: Iterable[str], seconds: float) -> dict[str, object]:
    """Return what the demo ends with for machines."""
    rows = [asdict(shown(stage, deal)) for deal in deals]
    return {"deals": rows, "calls": sum(stage.crm.calls.values()), "seconds": round(seconds, 1)}


def badge(readiness: Readiness) -> str:
    """Return the badge as people read it, coloured."""
    return f"[{_COLOURS[readiness]}]{BADGES[readiness]}[/]"


def stage_name(stage: Stage, values: Mapping[str, str]) -> str:
    """Return the label of the stage that a deal stands in."""
    pipelines = {one.id: one for one in stage.desk.crm.pipelines()}
    found = pipelines[values["pipeline"]].stage(values["dealstage"])
    return found.label if found else values["dealstage"]
