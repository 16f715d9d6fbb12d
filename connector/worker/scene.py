"""What is known of the claimed deals before the first assessment: the record, the answers, the hours left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connector import signoffs
from connector.capacity.board import Board
from connector.capacity.memory import listening
from connector.capacity.records import Claim
from connector.context import Context
from connector.deals import Change, Deal
from connector.desk import Desk
from connector.picture import Picture
from connector.standing import Answer, Standing
from connector.verdicts import Verdict
from connector.worker import cases
from connector.worker.answers import answer_on_deal, word_of_rep


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


def scene_of(desk: Desk, picture: Picture, ids: Sequence[str]) -> Scene:
    """Load what is on record about these deals, and what waits to be counted."""
    return Scene(
        picture,
        desk.store.standings.of(desk.account, ids),
        desk.store.answers.waiting(desk.account, ids),
        desk.now(),
        Hours(picture.context.board),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A deal with what people said of it: the request from the card put over what the CRM shows, the answers
    counted. `context` is after the count; `given` are the answers themselves."""

    deal: Deal
    request: cases.Request | None
    given: tuple[Answer, ...]
    counted: signoffs.Counted
    context: Context


def told(deal: Deal, scene: Scene, history: Sequence[Change] | None) -> Told:
    """Count what people said of this deal; `history` None where it has not been read."""
    before, policy = scene.standings[deal.id], scene.picture.policy
    request, waiting = cases.waiting(scene.answers.get(deal.id, ()))
    known = None if history is None else tuple(history)
    if request is not None:
        deal, known = cases.over(deal, request, known or ())
    context = scene.picture.context_of(before, known, listening(scene.hours.board))
    given = _given(deal, before, waiting, known or ())
    counted = signoffs.count(given, before, deal, policy, context, scene.now)
    if counted.heard:
        context = replace(context, standing=counted.standing)
    return Told(deal, request, given, counted, context)


def _given(
    deal: Deal, standing: Standing, waiting: tuple[Answer, ...], history: Iterable[Change]
) -> tuple[Answer, ...]:
    told = tuple(history)
    written = (answer_on_deal(deal, told), word_of_rep(deal, standing, told))
    return (*waiting, *(one for one in written if one is not None))
