"""The teaching set crm_sales as a past: 8,800 deals of a hardware seller."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from connector.backtest.crossing import NO_HISTORY, Crossing, World
from connector.backtest.reading import NotReadable, typed
from connector.deals import Deal, LineItem, Pipeline, Stage, StageKind, Unreadable, Value
from connector.directory import CrmUser, Directory
from connector.errors import ConfigurationError
from connector.policy.model import Field, Policy
from sandbox import company
from sandbox.loaders.crm_sales import load

_AT_THE_END = frozenset({"amount", "close-date"})  # the set says them once, as they were when it closed


def crm_sales(folder: Path, policy: Policy) -> tuple[World, Iterator[Crossing]]:
    """Return its world and its crossings. Who sold is joined to the policy's people by name or e-mail."""
    try:
        told = load(folder)
    except (OSError, KeyError, ValueError) as error:
        raise ConfigurationError(f"crm_sales cannot be read: {error}.", where=str(folder)) from error
    users = [CrmUser(one.id, one.user, one.email, one.name) for one in told.employees]
    pipelines = {one.id: _pipeline(one) for one in told.pipelines}
    world = World(pipelines, Directory.join(policy.people, users))
    return world, (each for deal in told.deals for each in _crossings(deal, told, pipelines, policy))


def _pipeline(told: company.Pipeline) -> Pipeline:
    return Pipeline(told.id, told.label, tuple(_stage(one) for one in told.stages))


def _stage(told: company.Stage) -> Stage:
    return Stage(told.id, told.label, StageKind(told.kind.value))


def _crossings(
    told: company.Deal, all_: company.Company, pipelines: Mapping[str, Pipeline], policy: Policy
) -> Iterator[Crossing]:
    before, pipeline = -1, pipelines[told.pipeline]
    for step in told.path:
        place = pipeline.position(step.stage)
        if place is not None:
            deal = _deal(told, all_, step, policy, last=step is told.path[-1])
            yield Crossing(deal, datetime.fromtimestamp(step.at / 1000, UTC), before)
            before = place


def _deal(
    told: company.Deal, all_: company.Company, step: company.Step, policy: Policy, *, last: bool
) -> Deal:
    known: dict[str, Value] = {"amount": told.amount, "close-date": told.close_date}
    for field in policy.fields.values():
        text = told.values.get(field.hubspot or "")
        if text:
            known[field.name] = _read(text, field)
    if not last:
        known |= dict.fromkeys(_AT_THE_END, NO_HISTORY)
    return Deal(
        id=told.key,
        name=told.name,
        pipeline=told.pipeline,
        stage=step.stage,
        owner=told.owner,
        currency=all_.currency,
        values=known,
        line_items=tuple(_line(place, line) for place, line in enumerate(told.lines)),
    )


def _read(text: str, field: Field) -> Value:
    try:
        return typed(text, field.type)
    except NotReadable as error:
        return Unreadable(f'"{text}" is not {error}')


def _line(place: int, told: company.Line) -> LineItem:
    return LineItem(str(place), told.sku, told.name, told.sku, told.quantity, told.price, None)
