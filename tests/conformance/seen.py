"""What one CRM shows of one deal, and what the product thinks of it, in words that both CRMs share."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connector.explain.panel import panel
from connector.store.records import DealRecord
from connector.worker.look import look
from tests.conformance.house import House

TaskText = tuple[str, str, str, str, bool]  # title, body, owner, day, closed


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
    closed_stages: str
    tasks: tuple[TaskText, ...]
    notes: tuple[str, ...]
    left: tuple[str, ...]


def see(house: House) -> Mapping[str, Mapping[str, Seen]]:
    """Look at every deal in every CRM; by account, then by the deal's key."""
    return {side.account: dict(_seen(house, side.account)) for side in house.sides}


def _seen(house: House, account: str) -> Sequence[tuple[str, Seen]]:
    side = next(side for side in house.sides if side.account == account)
    keys = {id_: key for key, id_ in house.ids[account].items()}
    desk = house.stage.desk(side)
    looked = look(desk, list(keys))
    assert not looked.failed
    return [(keys[one.deal], _of(house, side.office, one, looked.policy)) for one in looked.records]


def _of(house, office, record: DealRecord, policy) -> Seen:  # type: ignore[no-untyped-def]
    verdict, page = record.verdict, office.page(record.deal)
    tasks = sorted(
        (one.title, one.body, one.owner, str(one.due), one.closed) for one in office.tasks(record.deal)
    )
    return Seen(
        page.stage,
        verdict.readiness.value,
        verdict.sentence,
        tuple(one.text for one in verdict.levers),
        verdict.blocked_stages,
        json.loads(panel(verdict, policy)),
        page.readiness,
        page.reason,
        page.waiting_on,
        page.blocked_stages,
        tuple(tasks),
        tuple(sorted(office.notes(record.deal))),
        tuple(str(effect) for effect in record.effects),
    )
