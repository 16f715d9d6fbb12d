"""Replay a company's recorded history in date order, and say what the gate stopped."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from connector.demo.show import calls_table
from connector.demo.stage import Silent, Stage, on_stage
from connector.verdicts import Readiness
from sandbox.company import Company
from sandbox.hubspot.replay import Replay

_SETTLE_EVERY = 500


def replay(console: Console, company: Company, policy: Path, folder: Path, most: int | None = None) -> None:
    """Replay up to `most` deals (all by default) and print what came of them."""
    company = replace(company, deals=company.deals[:most])
    acts = sum(len(deal.path) for deal in company.deals)
    with on_stage(replace(company, deals=()), policy, folder, mailer=Silent(), extra=_FAST) as stage:
        played = Replay(stage.crm, company)
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task("Replaying", total=acts)
            for number, _ in enumerate(played.play(), 1):
                progress.advance(bar)
                if number % _SETTLE_EVERY == 0:
                    stage.settle(300)
            stage.settle(600)
        console.print(outcome(stage, company))
        console.print(calls_table(stage.crm.calls, len(company.deals)))


_FAST = {"DEALGATE_WEB_THREADS": "8"}


def outcome(stage: Stage, company: Company) -> Table:
    """Return the table of badges, and of the roles that were asked."""
    shown = [stage.crm.deal(deal) for deal in stage.crm.deals()]
    badges = Counter(one.get("ops_readiness") or Readiness.NOT_ASSESSED.value for one in shown)
    asked = Counter(
        signoff.role for _, signoff in stage.desk.store.views.signoffs(stage.desk.account, limit=10**6)
    )
    table = Table(title=f"{len(company.deals)} deals replayed", title_justify="left")
    table.add_column("What")
    table.add_column("Deals", justify="right")
    for name, count in (*badges.most_common(), *((f"asked: {role}", n) for role, n in asked.most_common())):
        table.add_row(name, str(count))
    return table
