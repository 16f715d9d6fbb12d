"""What the demo shows: a few lines for each scene, and tables at the end, CRMs side by side."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from connector.demo.sides import Side
from connector.demo.story import Story
from connector.texts import BADGES
from connector.verdicts import Readiness

_NARROW = 90  # columns below which the table leaves out what the lines above it said
_ROUTES = 8
_MINUTE = re.compile(r"\b\d\d:\d\d\b")
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


def shown(side: Side, deal: str) -> Shown:
    """Read one deal off a CRM's screen."""
    page = side.office.page(deal)
    readiness = Readiness(page.readiness or Readiness.NOT_ASSESSED)
    return Shown(page.name, page.stage_label, readiness, page.reason, len(side.office.tasks(deal)))


def show_deal(console: Console, story: Story, name: str) -> None:
    """Print one deal as every CRM shows it, whatever the width of the terminal: what is the same, once."""
    pages = _pages(story, name)
    console.print(f"   [bold]{escape(name)}[/] {_places(pages)}")
    for side, _ in pages:
        told = story.refused.pop((name, side.account), None)
        if told:
            refusal = f'{side.title} refused the move: "{told.partition(". ")[0]}."'
            console.print(Padding(escape(refusal), (0, 0, 0, 6)), style="dim")
    for who, why in _by_text([(side, one.why) for side, one in pages]):
        console.print(Padding(escape(f"{who}{why}"), (0, 0, 0, 6)), style="dim")


def _pages(story: Story, name: str) -> list[tuple[Side, Shown]]:
    pages = [(side, shown(side, story.deals[name][side.account])) for side in story.stage.sides]
    return [(side, alike(one, pages[0][1])) for side, one in pages]


def alike(one: Shown, first: Shown) -> Shown:
    """Return the page with the first one's minute where that alone tells them apart: both CRMs ask within
    seconds, and a minute may begin in between."""
    same = _MINUTE.sub("", one.why) == _MINUTE.sub("", first.why)
    return replace(one, why=first.why) if same else one


def _places(pages: Sequence[tuple[Side, Shown]]) -> str:
    told = _by_text([(side, f"in {escape(one.stage)}: {badge(one.readiness)}") for side, one in pages])
    return "; ".join(f"{who}{place}" for who, place in told)


def _by_text(told: Iterable[tuple[Side, str]]) -> list[tuple[str, str]]:
    """Return each text once, with the CRMs that say it where they differ."""
    sides: dict[str, list[str]] = {}
    for side, text in told:
        sides.setdefault(text, []).append(side.title)
    return [("" if len(sides) == 1 else f"{', '.join(titles)}: ", text) for text, titles in sides.items()]


def final_table(story: Story, names: Iterable[str], width: int = _NARROW) -> Table:
    """Return the table of the story's deals: where they are, badge, reason and tasks."""
    wide = width >= _NARROW
    titles = " / ".join(side.title for side in story.stage.sides)
    table = Table(title=f"What the reps see now: {titles}", title_justify="left", expand=True)
    table.add_column("Deal", no_wrap=True)
    if wide:
        table.add_column("Stage", width=11)
    table.add_column("Readiness", width=14)
    table.add_column("Why, and what opens it", ratio=1)
    table.add_column("Tasks", justify="right", width=5)
    for name in names:
        for row in _rows(name, _pages(story, name)):
            table.add_row(*(row if wide else (row[0], *row[2:])))
    return table


def _rows(name: str, pages: Sequence[tuple[Side, Shown]]) -> list[tuple[str, str, str, str, str]]:
    """Return one row where all CRMs show the same, else one for each; they may differ in tasks."""
    (_, first), *others = pages
    if all(replace(one, tasks=first.tasks) == first for _, one in others):
        return [(*_row(name, first), " / ".join(str(one.tasks) for _, one in pages))]
    return [
        (*_row(f"{name}, {side.title}" if place == 0 else f"  {side.title}", one), str(one.tasks))
        for place, (side, one) in enumerate(pages)
    ]


def _row(name: str, one: Shown) -> tuple[str, str, str, str]:
    return (name, one.stage, badge(one.readiness), one.why)


def calls_table(sides: Sequence[Side]) -> Table:
    """Return the table of CRM calls by route, of each CRM."""
    table = Table(title="Calls of the CRMs", title_justify="left")
    for name in ("CRM", "Route", "Calls"):
        table.add_column(name, justify="right" if name == "Calls" else "left")
    for side in sides:
        calls = side.office.calls
        deals = len(side.office.deals())
        table.add_row(side.title, f"all, for {deals:,} deals", f"{sum(calls.values()):,}", style="bold")
        for route, count in Counter(calls).most_common(_ROUTES):
            table.add_row("", route, f"{count:,}")
    return table


def as_json(story: Story, names: Iterable[str], seconds: float) -> dict[str, object]:
    """Return what the demo ends with for machines."""
    known = list(names)
    found: dict[str, object] = {
        side.account: {
            "deals": [asdict(shown(side, story.deals[name][side.account])) for name in known],
            "calls": sum(side.office.calls.values()),
        }
        for side in story.stage.sides
    }
    return {**found, "seconds": round(seconds, 1)}


def badge(readiness: Readiness) -> str:
    """Return the badge as people read it, coloured."""
    return f"[{_COLOURS[readiness]}]{BADGES[readiness]}[/]"
