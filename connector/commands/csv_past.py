"""Crossings from files: the teaching set crm_sales, or the two files that docs/policy-versions.md tells."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connector.backtest.crossing import NO_HISTORY, Crossing, World
from connector.backtest.reading import NotReadable, typed
from connector.commands.crm_sales_past import crm_sales
from connector.deals import Deal, Pipeline, Stage, StageKind, Value
from connector.directory import CrmUser, Directory
from connector.errors import ConfigurationError
from connector.policy.model import Field, Home, Policy
from sandbox.loaders.crm_sales import recognises

STAGES, CROSSINGS = "stages.csv", "crossings.csv"
_NEEDED = ("deal", "at", "pipeline", "stage")
_OURS = frozenset({*_NEEDED, "owner", "name", "currency", "created"})
_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a file, its cells by column."""

    path: Path
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, column: str, allowed: str) -> ConfigurationError:
        """Make the error that says what is allowed there."""
        where = f"{self.path}:{self.number}"
        return ConfigurationError(f'{column}: found "{self[column]}"; allowed: {allowed}.', where=where)

    def moment(self, column: str) -> datetime:
        """Read a time; one without a zone is UTC."""
        try:
            at = datetime.fromisoformat(self[column])
        except ValueError:
            raise self.wrong(column, "a time, as 2026-03-16T14:02+01:00") from None
        return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Past:
    """What happened, and in which world; the crossings are read as they are asked for."""

    world: World
    crossings: Iterable[Crossing]


def past_of(folder: Path, policy: Policy) -> Past:
    """Return the past that a folder tells. Raise ConfigurationError with the line of what cannot be read."""
    if recognises(folder):
        return Past(*crm_sales(folder, policy))
    for name in (STAGES, CROSSINGS):
        if not (folder / name).is_file():
            hint = f"It needs {STAGES} and {CROSSINGS}, or the files of crm_sales: docs/policy-versions.md."
            raise ConfigurationError(f"It has no {name}.", where=str(folder), hint=hint)
    pipelines = _pipelines(folder / STAGES)
    lines = list(_lines(folder / CROSSINGS, _NEEDED))
    users = {line["owner"]: _user(line["owner"], policy) for line in lines if line["owner"]}
    world = World(pipelines, Directory.join(policy.people, users.values()))
    return Past(world, _crossings(lines, pipelines, policy))


def _user(owner: str, policy: Policy) -> CrmUser:
    """Return the owner as a user: by id, e-mail or name of a person of the policy."""
    for person in policy.people.values():
        if owner.casefold() in {person.id, person.email.casefold(), person.name.casefold()}:
            return CrmUser(owner, owner, person.email, person.name)
    return CrmUser(owner, owner, f"{owner}@nobody.invalid", owner)


def _pipelines(path: Path) -> dict[str, Pipeline]:
    stages: dict[str, list[Stage]] = {}
    for line in _lines(path, ("pipeline", "stage", "kind")):
        if line["kind"] not in set(StageKind):
            raise line.wrong("kind", f"one of {', '.join(StageKind)}")
        stage = Stage(line["stage"], line["stage"], StageKind(line["kind"]))
        stages.setdefault(line["pipeline"], []).append(stage)
    return {name: Pipeline(name, name, tuple(several)) for name, several in stages.items()}


def _lines(path: Path, needed: Iterable[str]) -> Iterator[_Line]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or ()
            missing = [name for name in needed if name not in columns]
            if missing:
                raise ConfigurationError(f"It has no column {', '.join(missing)}.", where=f"{path}:1")
            for row in reader:
                yield _Line(path, reader.line_num, {name: (row[name] or "").strip() for name in columns})
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"It cannot be read: {error}.", where=str(path)) from error


def _crossings(
    lines: Iterable[_Line], pipelines: Mapping[str, Pipeline], policy: Policy
) -> Iterator[Crossing]:
    """Yield the lines in the order of time; each deal comes from where its line before left it."""
    stood: dict[str, tuple[str, int]] = {}
    for at, line in sorted(((line.moment("at"), line) for line in lines), key=lambda one: one[0]):
        pipeline = pipelines.get(line["pipeline"])
        if pipeline is None:
            raise line.wrong("pipeline", f"one of {STAGES}: {', '.join(pipelines)}")
        if pipeline.stage(line["stage"]) is None:
            raise line.wrong("stage", f"one of {', '.join(stage.id for stage in pipeline.stages)}")
        place = pipeline.position(line["stage"])
        last = stood.get(line["deal"])
        if place is not None:
            yield _crossing(line, at, last[1] if last and last[0] == pipeline.id else -1, policy)
        stood[line["deal"]] = (pipeline.id, -1 if place is None else place)


def _crossing(line: _Line, at: datetime, before: int, policy: Policy) -> Crossing:
    told = {field.name: _told(line, field) for field in policy.fields.values()}
    computed = {name for name, field in policy.fields.items() if field.home is Home.DERIVED}
    deal = Deal(
        id=line["deal"],
        name=line["name"] or line["deal"],
        pipeline=line["pipeline"],
        stage=line["stage"],
        owner=line["owner"] or None,
        currency=line["currency"] or None,
        created_at=line.moment("created") if line["created"] else None,
        values={name: value for name, value in told.items() if name not in computed},
    )
    return Crossing(deal, at, before, {name: told[name] for name in computed & line.cells.keys()})


def _told(line: _Line, field: Field) -> Value:
    """Return a cell as the field's value: no column or ? is not known any more, empty is not filled in."""
    text = line.cells.get(field.name, "" if field.name in _OURS else _UNKNOWN)
    if text == _UNKNOWN:
        return NO_HISTORY
    try:
        return typed(text, field.type) if text else None
    except NotReadable as error:
        raise line.wrong(field.name, str(error)) from None
