"""Replay a company's recorded history in date order, and say what the gate stopped."""

import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from connector.demo.show import badge, calls_table
from connector.demo.sides import Side
from connector.demo.stage import Silent, Stage, on_stage
from connector.verdicts import Readiness
from sandbox.company import Company
from sandbox.replay import Replay

_PATIENCE = 900.0  # seconds, on a very busy machine
_LOOK = 0.2
_THREADS = {"DEALGATE_WEB_THREADS": "8"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay ends with: deals by badge and stage, deals for which each role was asked, saves that
    the CRM refused."""

    deals: int
    seconds: float
    calls: int
    settled: bool
    refused: int
    badges: Counter[tuple[Readiness, str]]
    asked: Counter[str]

    def as_json(self) -> dict[str, object]:
        """Return it for machines."""
        by_badge = Counter[str]()
        for (readiness, _), count in self.badges.items():
            by_badge[readiness.value] += count
        return {
            "deals": self.deals,
            "seconds": round(self.seconds, 1),
            "calls": self.calls,
            "settled": self.settled,
            "refused": self.refused,
            "badges": by_badge,
            "asked": self.asked,
        }


def replay(console: Console, side: Side, company: Company, policy: Path, folder: Path) -> Outcome:
    """Replay the deals of a company whose CRM has none yet, print what came of them and return it."""
    with on_stage([side], policy, folder, mailer=Silent(), extra=_THREADS) as stage:
        side.lift_limits()
        console.print(
            f"{len(company.deals):,} deals, as their people moved them, oldest act first. {side.title}'s call"
            " limits are lifted: they are made for a year of this, not for a minute."
        )
        started = time.monotonic()
        played = Replay(side.office, company)
        settled = _play(console, stage, played, acts=sum(len(deal.path) for deal in company.deals))
        found = outcome(stage, side, played, time.monotonic() - started, settled=settled)
        console.print(_table(found, company))
        console.print(_asked(stage, found))
        if found.refused:
            moves = (
                "1 move before it was" if found.refused == 1 else f"{found.refused:,} moves before they were"
            )
            console.print(f"{side.title} refused {moves} made.")
        console.print(calls_table([side]))
        console.print(f"Replayed in {found.seconds:.0f} seconds.")
        return found


def bare(company: Company, most: int | None) -> tuple[Company, Company]:
    """Return the company with its first deals (all by default), and the same without any."""
    company = replace(company, deals=company.deals[:most])
    return company, replace(company, deals=())


def _play(console: Console, stage: Stage, played: Replay, acts: int) -> bool:
    """Let people act as fast as they can, while the connector keeps up in batches of its own size."""
    with Progress(console=console, transient=True) as progress:
        moving = progress.add_task("People move deals", total=acts)
        for _ in played.play():
            progress.advance(moving)
        answering = progress.add_task("Dealgate answers", total=None)
        end = time.monotonic() + _PATIENCE
        most = 1
        while time.monotonic() < end and not stage.settle(_LOOK):
            left = stage.waiting()
            most = max(most, left)
            progress.update(answering, total=most, completed=most - left)
        return stage.settle(_LOOK)


def outcome(stage: Stage, side: Side, played: Replay, seconds: float, *, settled: bool) -> Outcome:
    """Count what the CRM shows, and whom the product asked."""
    pages = [side.office.page(deal) for deal in side.office.deals()]
    badges = Counter((Readiness(one.readiness or Readiness.NOT_ASSESSED), one.stage_label) for one in pages)
    desk = stage.desk(side)
    signoffs = desk.store.views.signoffs(desk.account, limit=10**6)
    asked = Counter(role for role, _ in {(signoff.role, deal) for deal, signoff in signoffs})
    calls = sum(side.office.calls.values())
    return Outcome(len(pages), seconds, calls, settled, len(played.refused), badges, asked)


def _table(found: Outcome, company: Company) -> Table:
    """Badges against stages. A lost deal is left alone: it keeps the badge it had."""
    stages = [stage.label for pipeline in company.pipelines for stage in pipeline.stages]
    table = Table(title="Deals by badge and stage", title_justify="left")
    for name in ("Readiness", *stages, "All"):
        table.add_column(name, justify="left" if name == "Readiness" else "right")
    for readiness in Readiness:
        counts = [found.badges[readiness, stage] for stage in stages]
        if any(counts):
            table.add_row(
                badge(readiness), *(f"{count:,}" if count else "" for count in counts), f"{sum(counts):,}"
            )
    return table


def _asked(stage: Stage, found: Outcome) -> Table:
    roles = stage.desk().picture().policy.roles
    table = Table(title="Deals for which somebody is asked", title_justify="left")
    table.add_column("Who")
    table.add_column("Deals", justify="right")
    for role, count in found.asked.most_common():
        table.add_row(roles[role].label, f"{count:,}")
    table.add_row("All", f"{found.asked.total():,}", style="bold")
    return table
