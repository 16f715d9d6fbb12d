"""Go back to an earlier version of the policy, and say what the ones after it had asked and moved."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, takewhile

import orjson

from connector.deals import ObjectType
from connector.desk import Desk
from connector.drafts import gates_on, read_published
from connector.errors import ConfigurationError
from connector.standing import Signoff, SignoffState
from connector.store.policies import Publication
from connector.worker.backfill import work_off
from connector.worker.publish import draft_of, make_live

_MOST = 100_000
_ANSWERED = (SignoffState.APPROVED, SignoffState.REJECTED)


@dataclass(frozen=True, slots=True)
class Moved:
    """A move back that was decided while a bad version counted."""

    deal: str
    at: datetime
    from_stage: str
    to_stage: str


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What came of a rollback: questions that were taken back (deal and sign-off), those that stand, answers
    that people had given and that stay on record, moves back that stay as they are until a person looks, and
    how many deals wait for later."""

    withdrawn: tuple[tuple[str, Signoff], ...]
    kept: tuple[tuple[str, Signoff], ...]
    answered: tuple[tuple[str, Signoff], ...]
    moves: tuple[Moved, ...]
    left: int


def roll_back(desk: Desk, good: Publication, *, author: str, note: str) -> RolledBack:
    """Make `good` the live policy again and look at every deal that a version after it decided about."""
    history = desk.store.policies.history(desk.account)
    bad = tuple(takewhile(lambda one: one.version != good.version, history))
    asked, signed = _asked(desk, bad, SignoffState.REQUESTED), _asked(desk, bad, *_ANSWERED)
    since = _counted_since(tuple(dropwhile(lambda one: one in bad, history)))
    make_live(desk, draft_of(good), author=author, note=note, action="rolled-back", since=since)
    ids = sorted({deal for deal, _ in asked})
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in ids], desk.now())
    left = work_off(desk).later
    standing = {deal: one.signoffs for deal, one in desk.store.standings.of(desk.account, ids).items()}
    still = {(deal, one.name) for deal, record in standing.items() for one in record if _open(one)}
    return RolledBack(
        withdrawn=tuple((deal, one) for deal, one in asked if (deal, one.name) not in still),
        kept=tuple((deal, one) for deal, one in asked if (deal, one.name) in still),
        answered=tuple((deal, one) for deal, one in signed if (one.decided_at or bad[-1].at) >= bad[-1].at),
        moves=tuple(_moves(desk, bad[-1].at)),
        left=left,
    )


def _asked(desk: Desk, bad: Sequence[Publication], *states: SignoffState) -> tuple[tuple[str, Signoff], ...]:
    """Return what these versions asked that is in one of these states now."""
    wrong = {one.version for one in bad}
    found = (one for state in states for one in desk.store.views.signoffs(desk.account, state, _MOST))
    return tuple((deal, one) for deal, one in found if one.policy_version in wrong)


def _counted_since(history: Sequence[Publication]) -> Mapping[str, datetime]:
    """Return since when each gate of the newest of these publications had been on: one that a bad version
    left out must not count as new, which would let pass whatever stands behind it."""
    since: dict[str, datetime] = {}
    on: frozenset[str] | None = None
    with suppress(ConfigurationError):  # one from before the language changed: what is known is known
        for one in history:
            here = gates_on(read_published(one.version, one.text))
            on = here if on is None else on & here
            since |= dict.fromkeys(on, one.at)
            if not on:
                break
    return since


def _moves(desk: Desk, since: datetime) -> Iterator[Moved]:
    for entry in desk.store.ledger.since(desk.account, "move-back", since):
        body = orjson.loads(entry.body)
        yield Moved(entry.deal or "", entry.at, body["from"], body["to"])


def _open(signoff: Signoff) -> bool:
    return signoff.state is SignoffState.REQUESTED
