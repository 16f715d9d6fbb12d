"""Anonymised rows exported from real HubSpot accounts: a company, and what only HubSpot can hold.

What its dirt becomes:
- names, e-mails and labels are hashes: a short piece of the hash stands for them; e-mails end in example.com.
- a stage names its pipeline by the MD5 of the pipeline's id: joined by that.
- stages with probability 0 that are not closed: open ones. No stage of the export is a lost one.
- the 44 deals have no pipeline and no stage: the first stage of `default`.
- owners without user id: owners without a seat; of two owners with one user id only the first has it.
- owners that deals or tasks name but the owner rows lack: people who have left.
- the tables are samples of different deals: a deal known only from its stage, history, merge or task becomes
  a deal with that id and no more. Stage rows write the stage's hash in hex, the stages themselves in base64.
- hashed property names in the history: one custom text property for each, with its values and sources.
- merged ids lead to their survivor. The two tasks share an object id: each keeps its engagement id instead.
- the only link from a task to a deal names a task that the export lacks: dropped.
"""

import base64
import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sandbox.clock import ms_of
from sandbox.company import Company, Deal, DealField, Employee, FieldKind, Pipeline, Stage, StageKind, Step

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of property history, as HubSpot names its source."""

    deal: str
    property: str
    value: str
    at: int
    source_type: str
    source_id: str


@dataclass(frozen=True, slots=True)
class SeedTask:
    """A task of the export; `deal` where the export says to which it belongs."""

    id: str
    type: str
    due: str
    owner: str
    created: int
    deal: str | None


@dataclass(frozen=True, slots=True)
class HubSpotSeed:
    """The company, and its history, merges (old id -> survivor) and tasks."""

    company: Company
    history: tuple[Entry, ...]
    merged: Mapping[str, str]
    tasks: tuple[SeedTask, ...]


def recognises(folder: Path) -> bool:
    """Say whether the folder holds this data set."""
    return (folder / "deal_property_history_data.csv").is_file()


def load(folder: Path) -> HubSpotSeed:
    """Return everything in the folder; raises OSError or KeyError where a file or column is missing."""
    rows = {path.stem: _rows(path) for path in sorted(folder.glob("*.csv"))}
    pipelines = _pipelines(rows["deal_pipeline_data"], rows["deal_pipeline_stage_data"])
    history = tuple(_entry(row) for row in rows["deal_property_history_data"])
    merged = {row["merged_deal_id"]: row["deal_id"] for row in rows["merged_deal_data"]}
    tasks = _tasks(rows["engagement_task_data"], rows["engagement_deal_data"])
    deals = _deals(rows, history, merged, tasks, pipelines)
    owners = _owners(rows["owner_data"], [deal.owner for deal in deals] + [task.owner for task in tasks])
    fields = tuple(
        DealField(name, name, FieldKind.TEXT) for name in sorted({one.property for one in history})
    )
    company = Company("USD", owners, pipelines, fields=fields, deals=deals)
    return HubSpotSeed(company, history, merged, tasks)


def _rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).decode()


def _short(hashed: str) -> str:
    return "".join(letter for letter in hashed if letter.isalnum())[:8].lower()


def _pipelines(pipelines: list[Row], stages: list[Row]) -> tuple[Pipeline, ...]:
    ordered = sorted(stages, key=lambda row: int(row["display_order"]))
    return tuple(
        Pipeline(
            row["pipeline_id"],
            f"Pipeline {_short(row['label'])}",
            tuple(_stage(one) for one in ordered if one["pipeline_id"] == _hash(row["pipeline_id"])),
        )
        for row in sorted(pipelines, key=lambda row: row["pipeline_id"] != "default")
    )


def _stage(row: Row) -> Stage:
    kind = StageKind.OPEN
    if row["is_closed"] == "TRUE":
        kind = StageKind.WON if row["closed_won"] == "TRUE" else StageKind.LOST
    return Stage(row["stage_id"], f"Stage {_short(row['label'])}", kind, Decimal(row["probability"]))


def _first_stage(pipelines: tuple[Pipeline, ...]) -> tuple[str, str]:
    return pipelines[0].id, pipelines[0].stages[0].id


def _entry(row: Row) -> Entry:
    name = f"hashed_{_short(row['name'])}"
    at = _moment(row["timestamp"])
    return Entry(row["deal_id"], name, row["value"], at, row["source"], row["source_id"])


def _tasks(tasks: list[Row], links: list[Row]) -> tuple[SeedTask, ...]:
    deal_of = {row["engagement_id"]: row["deal_id"] for row in links}
    return tuple(
        SeedTask(
            row["engagement_id"],
            row["property_hs_task_type"] or row["task_type"] or "TODO",
            row["property_hs_timestamp"],
            row["property_hubspot_owner_id"],
            _moment(row["property_hs_createdate"]),
            deal_of.get(row["engagement_id"]),
        )
        for row in tasks
    )


def _deals(
    rows: Mapping[str, list[Row]],
    history: Iterable[Entry],
    merged: Mapping[str, str],
    tasks: Iterable[SeedTask],
    pipelines: tuple[Pipeline, ...],
) -> tuple[Deal, ...]:
    known = {row["deal_id"]: _deal(row, _first_stage(pipelines)) for row in rows["deal_data"]}
    seen: dict[str, int] = {}
    for entry in sorted(history, key=lambda one: one.at):
        seen.setdefault(entry.deal, entry.at)
    staged = _staged(rows["deal_stage_data"], pipelines)
    oldest = min(seen.values())
    seen |= dict.fromkeys(merged.values(), oldest)
    seen |= {task.deal: task.created for task in tasks if task.deal}
    first = _first_stage(pipelines)
    found = {id_: _bare_deal(id_, at, first) for id_, at in seen.items()}
    return tuple((found | staged | known).values())


def _staged(rows: list[Row], pipelines: tuple[Pipeline, ...]) -> dict[str, Deal]:
    home = {stage.id: pipeline.id for pipeline in pipelines for stage in pipeline.stages}
    deals = {}
    for row in rows:
        stage = base64.b64encode(bytes.fromhex(row["value"])).decode()
        deals[row["deal_id"]] = _bare_deal(row["deal_id"], _moment(row["date_entered"]), (home[stage], stage))
    return deals


def _deal(row: Row, first: tuple[str, str]) -> Deal:
    return Deal(
        key=row["deal_id"],
        name=f"Deal {_short(row['property_dealname'])}",
        pipeline=row["deal_pipeline_id"] or first[0],
        owner=row["owner_id"] or None,
        path=(Step(row["deal_pipeline_stage_id"] or first[1], _moment(row["property_createdate"]), None),),
        amount=Decimal(row["property_amount"]) if row["property_amount"] else None,
        crm_id=row["deal_id"],
    )


def _bare_deal(id_: str, at: int, place: tuple[str, str]) -> Deal:
    return Deal(
        key=id_,
        name=f"Deal {id_}",
        pipeline=place[0],
        owner=None,
        path=(Step(place[1], at, None),),
        crm_id=id_,
    )


def _owners(rows: list[Row], named: Iterable[str | None]) -> tuple[Employee, ...]:
    found: dict[str, Employee] = {}
    seats: set[str] = set()
    for row in rows:
        user = row["active_user_id"] or None
        if user in seats:
            user = None
        if user is not None:
            seats.add(user)
        short = _short(row["email"])
        found[row["owner_id"]] = Employee(row["owner_id"], user, f"Owner {short}", f"{short}@example.com")
    for name in named:
        if name and name not in found:
            found[name] = Employee(name, None, f"Owner {name}", f"{name}@example.com", active=False)
    return tuple(found.values())


def _moment(text: str) -> int:
    # Some exports write the hour with one digit, which fromisoformat refuses.
    day, _, time = text.partition(" ")
    return ms_of(
        datetime.fromisoformat(f"{day} {time.zfill(8) if '.' not in time else time}").replace(tzinfo=UTC)
    )
