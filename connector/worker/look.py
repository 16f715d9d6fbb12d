"""Look at deals: read them, count the answers given, assess, and plan what the CRM should show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from connector import plan, signoffs
from connector.backtest.pilot import Worth
from connector.capacity.board import Board
from connector.capacity.memory import listening
from connector.capacity.records import Claim
from connector.checks.derived import currency_of, derive
from connector.deals import Change, Deal, OurField
from connector.desk import Desk
from connector.gates import assess, retire
from connector.gates.place import pipeline_of
from connector.inputs import inputs_of
from connector.picture import Picture
from connector.policy.model import Policy
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.standing import OPEN, Answer, Signoff, Standing
from connector.store.records import DealRecord
from connector.verdicts import Verdict
from connector.worker import cases
from connector.worker.answers import answer_on_deal, spoken, word_of_rep
from connector.worker.notes import notes


@dataclass(slots=True)
class Looked:
    """What came of a look: records to keep, failures by deal, and other deals to ring: the survivors of
    merges, and what was merged away and is still asked about."""

    policy: Policy
    records: list[DealRecord] = field(default_factory=list)
    survivors: set[str] = field(default_factory=set)
    absorbed: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Hours:
    """The capacity board while a batch is assessed: what one deal takes firmly, the next cannot have."""

    board: Board | None

    def learn(self, verdict: Verdict) -> bool:
        """Take in what the deal takes by this verdict; return whether it is something else than before."""
        if self.board is None:
            return False
        before, now = self.board.estimates.get(verdict.deal), verdict.estimate
        if before == now:
            return False
        if any(one is not None and one.claim is not Claim.OPEN for one in (before, now)):
            self.board = self.board.with_estimate(verdict.deal, now)
        return True


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything known about the claimed deals before the first assessment."""

    picture: Picture
    standings: Mapping[str, Standing]
    answers: Mapping[str, tuple[Answer, ...]]
    now: datetime
    hours: Hours


def look(desk: Desk, ids: Sequence[str]) -> Looked:
    """Assess these deals as they are now; nothing is kept or written."""
    picture = desk.picture()
    looked = Looked(picture.policy)
    page = desk.crm.read_deals(ids, picture.wanted)
    desk.alarms(page.alarms)
    looked.survivors = set(page.merged.values()) - set(ids)
    looked.absorbed = _still_asked(desk, page.absorbed) - set(ids)
    scene = _scene(desk, picture, ids)
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


def ground_of(desk: Desk, deal: str) -> Ground | None:
    """Return one deal as it is now with all it is held against, None where the CRM does not have it."""
    return grounds_of(desk, [deal]).get(deal)


def grounds_of(desk: Desk, ids: Sequence[str]) -> Mapping[str, Ground]:
    """Return these deals as they are now with all they are held against; without those the CRM lacks."""
    picture = desk.picture()
    found = desk.crm.read_deals(ids, picture.wanted).deals
    histories = desk.crm.read_history([deal.id for deal in found], picture.wanted)
    scene = _scene(desk, picture, ids)
    return {deal.id: _ground(deal, scene, histories.get(deal.id, ())) for deal in found}


def _ground(deal: Deal, scene: Scene, history: Sequence[Change]) -> Ground:
    before, policy = scene.standings[deal.id], scene.picture.policy
    request, waiting = cases.waiting(scene.answers.get(deal.id, ()))
    if request is not None:
        deal, history = cases.over(deal, request, history)
    context = scene.picture.context_of(before, tuple(history), listening(scene.hours.board))
    given = _given(deal, before, waiting, history)
    counted = signoffs.count(given, before, deal, policy, context, scene.now)
    context = replace(context, standing=counted.standing)
    facts = derive(deal, policy, local(scene.now, policy.calendar).date(), counted.standing.signoffs)
    return Ground(deal, facts, pipeline_of(deal, context), policy, context, scene.now)


def _still_asked(desk: Desk, absorbed: Sequence[str]) -> set[str]:
    """Return the merged-away deals about which somebody is still asked: the merge was not told."""
    standings = desk.store.standings.of(desk.account, absorbed) if absorbed else {}
    return {deal for deal, one in standings.items() if any(_open(signoff) for signoff in one.signoffs)}


def _open(signoff: Signoff) -> bool:
    return signoff.state in OPEN


def _scene(desk: Desk, picture: Picture, ids: Sequence[str]) -> Scene:
    return Scene(
        picture,
        desk.store.standings.of(desk.account, ids),
        desk.store.answers.waiting(desk.account, ids),
        desk.now(),
        Hours(picture.context.board),
    )


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
    told = None if history is None else tuple(history)
    request, waiting = cases.waiting(scene.answers.get(deal.id, ()))
    if request is not None:
        deal, told = cases.over(deal, request, told or ())
    context = scene.picture.context_of(before, told, listening(scene.hours.board))
    given = _given(deal, before, waiting, told or ())
    counted = signoffs.count(given, before, deal, policy, context, scene.now)
    if counted.heard:
        context = replace(context, standing=counted.standing)
    verdict = assess(deal, policy, context, scene.now)
    if verdict.wants_history and history is None:
        return None
    effects = plan.effects(deal, verdict, policy, context, counted.heard, scene.now)
    on_record = notes(before, verdict, counted, effects, _worth(deal, policy))
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


def _given(
    deal: Deal, standing: Standing, waiting: tuple[Answer, ...], history: Iterable[Change]
) -> tuple[Answer, ...]:
    told = tuple(history)
    written = (answer_on_deal(deal, told), word_of_rep(deal, standing, told))
    return (*waiting, *(one for one in written if one is not None))


def _retire(deal: str, scene: Scene, looked: Looked, *, merged: bool) -> None:
    """A deal deleted (what is open is withdrawn) or merged away (its answers are superseded too): its tasks
    are closed, nothing is written (design 1.9)."""
    before = scene.standings[deal]
    if not before.known:
        return
    verdict = retire(deal, before, scene.picture.policy, scene.now, merged=merged)
    stage, pipeline = before.stage or "", before.pipeline or ""
    effects = plan.closing(verdict, before)
    told = notes(before, verdict, signoffs.Counted(before), effects)
    otherwise = scene.hours.learn(verdict)
    looked.records.append(
        DealRecord(before, verdict, pipeline, stage, effects, notes=told, takes_otherwise=otherwise)
    )
