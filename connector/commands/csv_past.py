"""Crossings from files: the teaching set crm_sales, or the two files that docs/policy-versions.md tells."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connector.backtest.crossing import Crossing, World
from connector.commands.crm_sales_past import crm_sales
from connector.commands.csv_lines import Line, deal_in, lines_in, owners_in, tell_strangers
from connector.deals import Pipeline, Stage, StageKind
from connector.directory import Directory
from connector.errors import ConfigurationError
from connector.policy.model import Policy
from sandbox.loaders.crm_sales import recognises

STAGES, CROSSINGS = "stages.csv", "crossings.csv"
_NEEDED = ("deal", "at", "pipeline", "stage")


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
    lines = list(lines_in(folder / CROSSINGS, _NEEDED))
    tell_strangers(lines, policy)
    world = World(pipelines, Directory.join(policy.people, owners_in(lines, policy)))
    return Past(world, _crossings(lines, pipelines, policy))


def _pipelines(path: Path) -> dict[str, Pipeline]:
    stages: dict[str, list[Stage]] = {}
    for line in lines_in(path, ("pipeline", "stage", "kind")):
        if line["kind"] not in set(StageKind):
            raise line.wrong("kind", f"one of {', '.join(StageKind)}")
        stage = Stage(line["stage"], line["stage"], StageKind(line["kind"]))
        stages.setdefault(line["pipeline"], []).append(stage)
    return {name: Pipeline(name, name, tuple(several)) for name, several in stages.items()}


def _crossings(
    lines: Iterable[Line], pipelines: Mapping[str, Pipeline], policy: Policy
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


def _crossing(line: Line, at: datetime, before: int, policy: Policy) -> Crossing:
    deal, given = deal_in(line, policy)
    return Crossing(deal, at, before, given)
