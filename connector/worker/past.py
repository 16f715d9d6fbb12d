"""The crossings of an account's deals since a time: read a batch at a time, kept by nobody."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connector.adapters.base import Wanted
from connector.backtest.crossing import Crossing, World
from connector.backtest.past import Recorded, crossings
from connector.desk import Desk
from connector.directory import Directory
from connector.picture import wanted
from connector.policy.model import Policy
from connector.standing import Waiver
from connector.worker.backfill import pages


@dataclass(frozen=True, slots=True)
class CrmPast:
    """`crossings` reads the CRM as it is iterated."""

    world: Callable[[Policy], World]
    crossings: Callable[[], Iterator[Crossing]]


def crm_past(desk: Desk, policies: Sequence[Policy], begin: datetime, *, assume_today: bool) -> CrmPast:
    """Return what happened in the account since `begin`, with every value that one of the policies names."""
    pipelines = {pipeline.id: pipeline for pipeline in desk.crm.pipelines()}
    asked = _together([wanted(policy) for policy in policies])
    kept = Recorded(pipelines, desk.crm.recorded(asked.fields), assume_today)
    return CrmPast(
        world=lambda policy: World(pipelines, Directory.join(policy.people, desk.crm.users())),
        crossings=lambda: _crossings(desk, asked, kept, begin),
    )


def _crossings(desk: Desk, asked: Wanted, kept: Recorded, begin: datetime) -> Iterator[Crossing]:
    """A deal that crossed since then was changed since then."""
    changed = {deal for page in desk.crm.changed_deals(begin, desk.now()) for deal in page}
    fields = Wanted(asked.fields, line_items=asked.line_items and kept.assume_today)
    granted: dict[str, tuple[Waiver, ...]] = {}
    for name, waiver in desk.store.waivers.all(desk.account):
        granted[name] = (*granted.get(name, ()), waiver)
    for page in pages(sorted(changed), desk.crm.batch):
        deals = desk.crm.read_deals(page, fields).deals
        histories = desk.crm.read_history([deal.id for deal in deals], fields)
        lines = desk.crm.past_lines([deal.id for deal in deals]) if asked.line_items else {}
        for deal in deals:
            found = crossings(deal, histories.get(deal.id, ()), kept, begin, lines.get(deal.id))
            yield from (replace(one, waivers=granted.get(deal.id, ())) for one in found)


def _together(several: Sequence[Wanted]) -> Wanted:
    """Return what all of them want; a word that they read from different fields is read for the last one."""
    fields = {field.name: field for one in several for field in one.fields}
    return Wanted(tuple(fields.values()), line_items=any(one.line_items for one in several))
