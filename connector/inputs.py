"""All that one verdict was made from, kept so that it can be made again: under another policy, or under the
same one to prove that nothing else decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.capacity.memory import Hours, hours_of
from connector.context import Context
from connector.deals import Change, Deal, OurField, Pipeline
from connector.directory import Absence
from connector.policy.model import Quotes
from connector.standing import Standing

_ASKED = (OurField.REQUEST, OurField.REQUEST_NOTE, OurField.NEEDED_BY)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The deal as it was read (of our own fields only the rep's request and case), what was on record before,
    and what the account was like then. `hours`: what the capacity plan said of the deal; `absences`: who was
    out of office that day; `quotes`: the CRM's exchange rates, where the policy asks for them. Policy and
    people are kept elsewhere."""

    deal: Deal
    pipeline: Pipeline
    standing: Standing
    at: datetime
    history: tuple[Change, ...] | None = None
    live_since: Mapping[str, datetime] = field(default_factory=dict)
    quiet_until: datetime | None = None
    observe_only: bool = False
    flag_only: bool = False
    hours: Hours | None = None
    absences: tuple[Absence, ...] = ()
    quotes: Quotes | None = None


def inputs_of(deal: Deal, context: Context, now: datetime) -> Inputs:
    """Return what is worth keeping of one assessment."""
    asked = {field: text for field in _ASKED if (text := deal.shown.get(field))}
    return Inputs(
        deal=deal.showing(asked),
        pipeline=context.pipelines.get(deal.pipeline) or Pipeline(deal.pipeline, deal.pipeline, ()),
        standing=context.standing,
        at=now,
        history=context.history,
        live_since=context.live_since,
        quiet_until=context.quiet_until,
        observe_only=context.observe_only,
        flag_only=context.flag_only,
        hours=hours_of(context.board, deal.id),
        absences=context.absences,
        quotes=context.quotes,
    )
