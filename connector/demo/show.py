"""What the demo shows: a line for each scene, and a table at the end."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table

from connector.demo.stage import Stage
from connector.texts import BADGES
from connector.verdicts import Readiness

_COLOURS = {
    Readiness.READY: "green",
    Readiness.EXCEPTION: "green",
    Readiness.NEEDS_INFO: "yellow",
    Readiness.NEEDS_SIGN_OFF: "yellow",
    Readiness.BLOCKED: "red",
    Readiness.NOT_ASSESSED: "dim",
}


def show_deal(console: Console, stage: Stage, deal: str) -> None:
    """Print one deal as the rep sees it now."""
    shown = stage.crm.deal(deal)
    console.print(f"    {shown['dealname']:<12} in {_stage(stage, shown):<12} {_badge(shown)}  {_why(shown)}")


def final_table(stage: Stage, deals: Iterable[str]) -> Table:
    """Return the table of the story's deals: where they are, badge, reason, tasks and notes."""
    table = Table(title="What the CRM shows now", title_justify="left", expand=True)
    for name, width in (("Deal", 10), ("Stage", 11), ("Readiness", 14), ("Why, and what opens it", None)):
        table.add_column(name, width=width)
    table.add_column("Tasks", justify="right", width=5)
    for deal in deals:
        shown = stage.crm.deal(deal)
        tasks = str(len(stage.crm.tasks_of(deal)))
        table.add_row(shown["dealname"], _stage(stage, shown), _badge(shown), _why(shown), tasks)
    return table


def calls_table(calls: Mapping[str, int], deals: int) -> Table:
    """Return the table of CRM calls by route."""
    total = sum(calls.values())
    table = Table(title=f"{total} CRM calls for {deals} deals", title_justify="left")
    table.add_column("Route")
    table.add_column("Calls", justify="right")
    for route, count in Counter(calls).most_common(8):
        table.add_row(route, str(count))
    return table


def _badge(shown: Mapping[str, str]) -> str:
    readiness = Readiness(shown.get("ops_readiness") or Readiness.NOT_ASSESSED)
    return f"[{_COLOURS[readiness]}]{BADGES[readiness]}[/]"


def _why(shown: Mapping[str, str]) -> str:
    return shown.get("ops_readiness_reason", "")


def _stage(stage: Stage, shown: Mapping[str, str]) -> str:
    pipelines = {one.id: one for one in stage.desk.crm.pipelines()}
    found = pipelines[shown["pipeline"]].stage(shown["dealstage"])
    return found.label if found else shown["dealstage"]
