"""Look at deals: read them, count the answers given, assess, and plan what the CRM should show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from connector import plan, signoffs
from connector.backtest.pilot import Worth
from connector.checks.derived import currency_of
from connector.deals import Change, Deal, OurField
from connector.desk import Desk
from connector.gates import assess, retire
from connector.gates.place import pipeline_of
from connector.inputs import inputs_of
from connector.picture import Picture
from connector.policy.model import Policy
from connector.standing import OPEN, Standing
from connector.store.records import DealRecord
from connector.worker import cases
from connector.worker.answers import spoken
from connector.worker.notes import notes
from connector.worker.scene import Scene, scene_of, told


@dataclass(slots=True)
class Looked:
    """What came of a look: records to keep, failures by deal, and other deals to ring: the survivors of
    merges, and what was merged away and is still asked about."""

    policy: Policy
    records: list[DealRecord] = field(default_factory=list)
    survivors: set[str] = field(default_factory=set)
    absorbed: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)


def look(desk: Desk, ids: Sequence[str]) -> Looked:
    """Assess these deals as they are now; nothing is kept or written."""
    picture = desk.picture()
    looked = Looked(picture.policy)
    page = desk.crm.read_deals(ids, picture.wanted)
    desk.alarms(page.alarms)
    if any(not _knows(picture, deal) for deal in page.deals):
        picture = desk.picture()  # the adapter reads its pipelines again where a deal stands in a new stage
    looked.survivors = set(page.merged.values()) - set(ids)
    looked.absorbed = _still_asked(desk, page.absorbed) - set(ids)
    scene = scene_of(desk, picture, ids)
    unsettled = [deal for deal in page.deals if not _settle(deal, scene, None, looked)]
    if unsettled:
        histories = desk.crm.read_history([deal.id for deal in unsettled], picture.wanted)
        for deal in unsettled:
            _settle(deal, scene, histories.get(deal.id, ()), looked)
    for lost in page.gone:
        _retire(lost, scene, looked, merged=False)
    for lost in page.merged:
        _retire(lost, scene, looked, merged=True)
    return looked


def _knows(picture: Picture, deal: Deal) -> bool:
    return pipeline_of(deal, picture.context).stage(deal.stage) is not None


def _still_asked(desk: Desk, absorbed: Sequence[str]) -> set[str]:
    """Return the merged-away deals about which somebody is still asked: the merge was not told."""
    standings = desk.store.standings.of(desk.account, absorbed) if absorbed else {}
    return {deal for deal, one in standings.items() if any(signoff.state in OPEN for signoff in one.signoffs)}


def _settle(deal: Deal, scene: Scene, history: Sequence[Change] | None, looked: Looked) -> bool:
    """Assess one deal into a record; False where its history has to be read first."""
    before = scene.standings.get(deal.id, Standing())
    asked, _ = cases.waiting(scene.answers.get(deal.id, ()))
    if history is None and (asked or deal.shown.get(OurField.DECISION) or spoken(deal, before)):
        return False
    try:
        record = _record(deal, scene, history)
    except Exception as error:  # noqa: BLE001  one deal that cannot be assessed must not stop the others
        looked.failed[deal.id] = f"{type(error).__name__}: {error}"
        return True
    if record is None:
        return False
    looked.records.append(record)
    return True


def _record(deal: Deal, scene: Scene, history: Sequence[Change] | None) -> DealRecord | None:
    before, policy = scene.standings[deal.id], scene.picture.policy
    said = told(deal, scene, history)
    deal, context, request, given = said.deal, said.context, said.request, said.given
    verdict = assess(deal, policy, context, scene.now)
    if verdict.wants_history and history is None:
        return None
    effects = plan.effects(deal, verdict, policy, context, said.counted.heard, scene.now)
    on_record = notes(before, verdict, said.counted, effects, _worth(deal, policy))
    if request is not None:
        effects = (*effects, *cases.kept(deal, request, context))
        if cases.dealt_with(effects, assessed=verdict.assessed):
            given, on_record = (*given, *request.all), (cases.note(request, context), *on_record)
    return DealRecord(
        before=before,
        verdict=verdict,
        pipeline=deal.pipeline,
        stage=deal.stage,
        effects=effects,
        answers=given,
        notes=on_record,
        inputs=inputs_of(deal, context, scene.now),
        takes_otherwise=scene.hours.learn(verdict),
    )


def _worth(deal: Deal, policy: Policy) -> Worth:
    amount = deal.values.get("amount")
    return (amount, currency_of(deal, policy) or "") if isinstance(amount, Decimal) else None


def _retire(deal: str, scene: Scene, looked: Looked, *, merged: bool) -> None:
    """Add the record of a deal that was deleted (what is open is withdrawn) or merged away (its answers are
    superseded too): its tasks are closed, nothing is written (design 1.9)."""
    before = scene.standings[deal]
    if not before.known:
        return
    verdict = retire(deal, before, scene.picture.policy, scene.now, merged=merged)
    stage, pipeline = before.stage or "", before.pipeline or ""
    effects = plan.closing(verdict, before)
    on_record = notes(before, verdict, signoffs.Counted(before), effects)
    otherwise = scene.hours.learn(verdict)
    looked.records.append(
        DealRecord(before, verdict, pipeline, stage, effects, notes=on_record, takes_otherwise=otherwise)
    )
