"""What one CRM shows of one deal, and what the product thinks of it, in words that all CRMs share."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from connector.demo.sides import Side
from connector.explain.panel import panel
from connector.signoffs.ground import Ground
from connector.store.records import DealRecord
from connector.worker.grounds import grounds_of
from connector.worker.look import look
from tests.conformance.house import House

TaskText = tuple[str, str, str, str, bool]  # title, body, owner, day, closed
_MARK = re.compile(r"\n\(Dealgate [0-9a-f]+\)$")


@dataclass(frozen=True)
class Seen:
    """`panel` holds gates, findings, levers and sign-offs; `left` what is still to be written."""

    stage: str
    verdict: str
    sentence: str
    levers: tuple[str, ...]
    blocked: tuple[str, ...]
    panel: object
    badge: str
    reason: str
    waiting_on: str
    closed_stages: tuple[str, ...]
    tasks: frozenset[TaskText]
    notes: frozenset[str]
    left: tuple[str, ...]

    def differs(self, other: "Seen") -> Iterator[str]:
        """Yield the names of the fields that are not the same."""
        return (one.name for one in fields(self) if getattr(self, one.name) != getattr(other, one.name))


def see(house: House, side: Side) -> Mapping[str, Seen]:
    """Look at every deal in one CRM; by the deal's key."""
    keys = {id_: key for key, id_ in house.ids[side.account].items()}
    looked = look(house.stage.desk(side), list(keys))
    grounds = grounds_of(house.stage.desk(side), list(keys))
    assert not looked.failed
    return {keys[one.deal]: _seen(side, one, grounds[one.deal]) for one in looked.records}


def _seen(side: Side, record: DealRecord, ground: Ground) -> Seen:
    verdict, page = record.verdict, side.office.page(record.deal)
    tasks = side.office.tasks(record.deal)
    return Seen(
        page.stage,
        verdict.readiness.value,
        verdict.sentence,
        tuple(one.text for one in verdict.levers),
        verdict.blocked_stages,
        json.loads(panel(verdict, ground)),
        page.readiness,
        page.reason,
        page.waiting_on,
        tuple(one for one in page.blocked_stages.split(";") if one),
        frozenset((one.title, one.body, one.owner, str(one.due), one.closed) for one in tasks),
        frozenset(_MARK.sub("", note) for note in side.office.notes(record.deal)),
        tuple(str(effect) for effect in record.effects),
    )
