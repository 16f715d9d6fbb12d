"""The crossings of one deal out of the history that its CRM keeps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connector.backtest.crossing import NO_HISTORY, Crossing
from connector.deals import Change, Deal, LineItem, PastLines, Pipeline, Value

Reader = Callable[[str | None], Value]

# HubSpot keeps about 20 versions of a property: what lies before the oldest of that many is lost.
# https://developers.hubspot.com/docs/api-reference/crm-deals-v3/guide
_MOST_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Recorded:
    """`readers` are the words of which the CRM keeps the history, each with how an entry's text is read.
    `assume_today`: where there is none, today's value is taken."""

    pipelines: Mapping[str, Pipeline]
    readers: Mapping[str, Reader]
    assume_today: bool = False


def crossings(
    deal: Deal,
    history: Sequence[Change],
    kept: Recorded,
    begin: datetime,
    lines: PastLines | None = None,
) -> Iterator[Crossing]:
    """Yield how the deal entered each stage from `begin` on, with its values and `lines` as they were; the
    history is newest first."""
    entries: dict[str, list[Change]] = {}
    for change in reversed(history):
        entries.setdefault(change.field, []).append(change)
    before, stood = -1, ""
    for entry in entries.get("stage", ()):
        pipeline_id = _pipeline(deal, entries, entry.at)
        pipeline = kept.pipelines.get(pipeline_id)
        place = pipeline.position(entry.value or "") if pipeline else None
        if place is not None and entry.at >= begin:
            came_from = before if stood == pipeline_id else -1
            then = replace(deal, pipeline=pipeline_id, line_items=_lines(deal, lines, entry.at, kept))
            yield Crossing(_as_it_was(then, entries, entry, kept), entry.at, came_from)
        before, stood = (-1 if place is None else place), pipeline_id


def _pipeline(deal: Deal, entries: Mapping[str, Sequence[Change]], at: datetime) -> str:
    """Return the pipeline at that time; a CRM that tells no change of it is taken to have had none."""
    told = [change for change in entries.get("pipeline", ()) if change.at <= at and change.value]
    return (told[-1].value or deal.pipeline) if told else deal.pipeline


def _lines(deal: Deal, lines: PastLines | None, at: datetime, kept: Recorded) -> tuple[LineItem, ...] | None:
    then = lines.at(at) if lines is not None else None
    return deal.line_items if then is None and kept.assume_today else then


def _as_it_was(deal: Deal, entries: Mapping[str, Sequence[Change]], entry: Change, kept: Recorded) -> Deal:
    values = {name: _value(name, now, entries, entry.at, kept) for name, now in deal.values.items()}
    owner = values.get("owner")
    return replace(
        deal,
        stage=entry.value or "",
        owner=owner if isinstance(owner, str) else deal.owner,
        values=values,
        shown={},
    )


def _value(
    name: str, now: Value, entries: Mapping[str, Sequence[Change]], at: datetime, kept: Recorded
) -> Value:
    reader, told = kept.readers.get(name), entries.get(name, ())
    if reader is None:
        return now if kept.assume_today else NO_HISTORY
    earlier = [change for change in told if change.at <= at]
    if earlier:
        return reader(earlier[-1].value)
    return NO_HISTORY if len(told) >= _MOST_VERSIONS else None
