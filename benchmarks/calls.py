"""How many CRM calls 1,000 changed deals cost, against what a perfect batcher would need.

Every changed deal needs its fields written and every tenth a task. All over HTTP: the sandboxes tell of the
changes, the real adapters answer. What is read once in ten minutes (pipelines, users, definitions)
is read before; echoes of our own writes are counted, should they cost anything.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from benchmarks.calls_deals import DATA, Changes, changes
from benchmarks.support import Json, Options, options, print_json, report
from connector.deals import ObjectType
from connector.demo.cast import CRMS, sides
from connector.demo.sides import Side
from connector.demo.stage import Silent, Stage, on_stage
from connector.observe import configure_logging
from connector.worker.drain import drain
from sandbox.loaders import crm_sales

ROOT = Path(__file__).parents[1]
POLICY = ROOT / "sandbox" / "policies" / "crm_sales.yaml"
_WEB = {"DEALGATE_WEB_THREADS": "10"}
_HUBSPOT_WRITES = ("batch/update", "batch/create")
_SALESFORCE_WRITES = ("PATCH ", "POST composite")
Calls = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """The calls of both passes by route; the floor by what it is for."""

    crm: str
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
        return sum(count for route, count in self.second.items() if _writes(route))


def _writes(route: str) -> bool:
    return route.endswith(_HUBSPOT_WRITES) or route.startswith(_SALESFORCE_WRITES)


def main(asked: Options) -> None:
    """Measure, print the calls by route, and the JSON where asked."""
    if not crm_sales.recognises(DATA):
        sys.exit(f"The data set crm_sales is not there: {DATA} holds no sales_pipeline.csv.")
    configure_logging(level="error", as_json=False)
    planned = changes(DATA, 3000 if asked.full else 1000)
    measured = []
    for crm in CRMS:
        with tempfile.TemporaryDirectory(prefix="dealgate-bench-") as folder:
            measured.append(measure(crm, planned, Path(folder)))
        _print(measured[-1])
    if asked.json:
        print_json(result(measured))


def result(measured: list[Measured]) -> Json:
    """Return what machines read."""
    figures: dict[str, Json] = {}
    for one in measured:
        figures[one.crm] = round(one.per_1000, 1)
        figures[f"{one.crm}_floor_ratio"] = round(one.ratio, 3)
    return {**figures, "second_pass_writes": sum(one.second_writes for one in measured)}


def measure(crm: str, planned: Changes, folder: Path) -> Measured:
    """Change the deals while nobody works, then work off what was rung, and look at all of them again."""
    with (
        sides(planned.company, (crm,)) as (side,),
        on_stage((side,), POLICY, folder, mailer=Silent(), extra=_WEB, working=False) as stage,
    ):
        side.lift_limits()  # it is calls that count here, not their time
        ids = side.known(planned.deals)
        _look_at(stage, side, ids)
        before = _checked(side, ids)
        time.sleep(1)  # the field holds whole seconds
        planned.make(side.office, ids)
        first = _calls(stage, side)
        written = sum(old != new for old, new in zip(before, _checked(side, ids), strict=True))
        tasks = sum(len(side.office.tasks(deal)) for deal in ids)
        if (written, tasks) != (len(ids), len(planned.offered)):
            raise RuntimeError(f"Of {len(ids)} deals {written} were written, {tasks} got a task.")
        second = _look_at(stage, side, ids)
    lines = sum(len(deal.lines) for deal in planned.deals)
    return Measured(crm, len(ids), tasks, first, second, _FLOORS[crm](len(ids), lines, tasks))


def hubspot_floor(deals: int, lines: int, asked: int) -> Calls:
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


def salesforce_floor(deals: int, lines: int, asked: int) -> Calls:  # noqa: ARG001
    """Return the calls of a perfect batcher in Salesforce: lines come with their deals in one query."""
    return {
        "read deals with their lines, 200 a call": ceil(deals / 200),
        "read histories, 200 a call": ceil(asked / 200),
        "write fields, 200 a call": ceil(deals / 200),
        "create tasks, 200 a call": ceil(asked / 200),
    }


_FLOORS: Mapping[str, Callable[[int, int, int], Calls]] = {
    "hubspot": hubspot_floor,
    "salesforce": salesforce_floor,
}


def _look_at(stage: Stage, side: Side, ids: list[str]) -> Calls:
    desk = stage.desk(side)
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in ids], desk.now())
    return _calls(stage, side)


def _calls(stage: Stage, side: Side) -> Calls:
    """Work off everything, echoes included, and return the calls of it."""
    side.reset_calls()
    side.office.wait_idle()
    while drain(stage.desk(side)):
        side.office.wait_idle()
    return side.office.calls


def _checked(side: Side, ids: list[str]) -> list[str]:
    """Return when the inputs of each deal last changed, as the CRM shows it."""
    return [side.office.page(deal).checked_at for deal in ids]


def _print(measured: Measured) -> None:
    title = f"{measured.deals} changed deals, {measured.tasks} tasks"
    rows = [(route, count, measured.second.get(route, 0)) for route, count in sorted(measured.first.items())]
    total = (sum(measured.first.values()), sum(measured.second.values()))
    columns = ("route", "calls", "second pass")
    report(f"Calls of {measured.crm}: {title}", columns, [*rows, ("all", *total)])
    needed = [*measured.floor.items(), ("all", sum(measured.floor.values()))]
    report("What a perfect batcher needs", ("for", "calls"), needed)
    figures = [
        ("calls for 1,000 deals", measured.per_1000),
        ("times the floor", measured.ratio),
        ("writes of a second pass", measured.second_writes),
    ]
    report("Result", ("", ""), figures)


if __name__ == "__main__":
    main(options("CRM calls for 1,000 changed deals of crm_sales, against the batched floor, in both CRMs."))
