"""How many CRM calls 1,000 changed deals cost, against what a perfect batcher would need.

Every changed deal needs its fields written and every tenth a task. All over HTTP: the sandbox tells of the
changes by webhook, the real adapter answers. What is read once in ten minutes (pipelines, owners, property
definitions, list prices) is read before; echoes of our own writes are counted, should they cost anything.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from benchmarks.calls_deals import DATA, Changes, changes
from benchmarks.support import Json, Options, options, print_json, report
from connector.deals import ObjectType
from connector.demo.stage import Silent, Stage, on_stage
from connector.observe import configure_logging
from connector.worker.drain import drain
from sandbox.hubspot.ratelimit import Limits
from sandbox.loaders import crm_sales

ROOT = Path(__file__).parents[1]
POLICY = ROOT / "sandbox" / "policies" / "crm_sales.yaml"
_WEB = {"DEALGATE_WEB_THREADS": "10"}
_WRITES = ("batch/update", "batch/create")
Calls = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """The calls of both passes by route; the floor by what it is for."""

    deals: int
    tasks: int
    first: Calls
    second: Calls
    floor: Calls

    @property
    def per_1000(self) -> float:
        return sum(self.first.values()) * 1000 / self.deals

    @property
    def ratio(self) -> float:
        return sum(self.first.values()) / sum(self.floor.values())

    @property
    def second_writes(self) -> int:
        return sum(count for route, count in self.second.items() if route.endswith(_WRITES))


def main(asked: Options) -> None:
    """Measure, print the calls by route, and the JSON where asked."""
    if not crm_sales.recognises(DATA):
        sys.exit(f"The data set crm_sales is not there: {DATA} holds no sales_pipeline.csv.")
    configure_logging(level="error", as_json=False)
    with tempfile.TemporaryDirectory(prefix="dealgate-bench-") as folder:
        measured = measure(changes(DATA, 3000 if asked.full else 1000), Path(folder))
    _print(measured)
    if asked.json:
        print_json(result(measured))


def result(measured: Measured) -> Json:
    """Return what machines read."""
    return {
        "hubspot": round(measured.per_1000, 1),
        "hubspot_floor_ratio": round(measured.ratio, 3),
        "second_pass_writes": measured.second_writes,
    }


def measure(planned: Changes, folder: Path) -> Measured:
    """Change the deals while nobody works, then work off what was rung, and look at all of them again."""
    with on_stage(planned.company, POLICY, folder, mailer=Silent(), extra=_WEB) as stage:
        stage.worker.stop()
        stage.crm.set_limits(Limits(burst=100_000))  # it is calls that count here, not their time
        ids = [stage.crm.seeded.deals[deal.key] for deal in planned.deals]
        _look_at(stage, ids)
        before = _checked(stage, ids)
        time.sleep(1)  # the field holds whole seconds
        planned.make(stage.crm)
        first = _calls(stage)
        written = sum(old != new for old, new in zip(before, _checked(stage, ids), strict=True))
        tasks = sum(len(stage.crm.tasks_of(deal)) for deal in ids)
        if (written, tasks) != (len(ids), len(planned.offered)):
            raise RuntimeError(f"Of {len(ids)} deals {written} were written, {tasks} got a task.")
        second = _look_at(stage, ids)
    lines = sum(len(deal.lines) for deal in planned.deals)
    return Measured(len(ids), tasks, first, second, floor(len(ids), lines=lines, asked=tasks))


def floor(deals: int, *, lines: int, asked: int) -> Calls:
    """Return the calls of a perfect batcher under HubSpot's limits a call, all deals known at once.

    History is read where it decides something: whether a person touched a deal that somebody is asked about.
    """
    return {
        "read deals, 100 a call": ceil(deals / 100),
        "read links to line items, 1,000 a call": ceil(deals / 1000),
        "read line items, 100 a call": ceil(lines / 100),
        "read histories, 50 a call": ceil(asked / 50),
        "write fields, 100 a call": ceil(deals / 100),
        "create tasks, 100 a call": ceil(asked / 100),
    }


def _look_at(stage: Stage, ids: list[str]) -> Calls:
    rings = [(stage.desk.account, ObjectType.DEAL, deal) for deal in ids]
    stage.desk.store.bells.ring(rings, stage.desk.now())
    return _calls(stage)


def _calls(stage: Stage) -> Calls:
    """Work off everything, echoes included, and return the calls of it."""
    stage.crm.counters.reset()
    stage.crm.wait_webhooks_idle()
    while drain(stage.desk):
        stage.crm.wait_webhooks_idle()
    return stage.crm.calls


def _checked(stage: Stage, ids: list[str]) -> list[str]:
    """Return when the inputs of each deal last changed, as the CRM shows it."""
    return [stage.crm.deal(deal)["ops_checked_at"] for deal in ids]


def _print(measured: Measured) -> None:
    title = f"{measured.deals} changed deals, {measured.tasks} tasks"
    rows = [(route, count, measured.second.get(route, 0)) for route, count in sorted(measured.first.items())]
    total = (sum(measured.first.values()), sum(measured.second.values()))
    report(f"CRM calls: {title}", ("route", "calls", "second pass"), [*rows, ("all", *total)])
    needed = [*measured.floor.items(), ("all", sum(measured.floor.values()))]
    report("What a perfect batcher needs", ("for", "calls"), needed)
    figures = [
        ("calls for 1,000 deals", measured.per_1000),
        ("times the floor", measured.ratio),
        ("writes of a second pass", measured.second_writes),
    ]
    report("Result", ("", ""), figures)


if __name__ == "__main__":
    main(options("CRM calls for 1,000 changed deals of crm_sales, against the batched floor."))
