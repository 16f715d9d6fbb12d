"""Views: what reports, the command line and the clock ask about deals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, update

from connector.deals import ObjectType
from connector.inputs import Inputs
from connector.standing import Signoff, SignoffState
from connector.store.bells import Bells
from connector.store.database import Database
from connector.store.encode import decode
from connector.store.tables import bells, deals, signoffs
from connector.verdicts import Readiness, Verdict


@dataclass(frozen=True, slots=True)
class DealView:
    """The newest verdict of one deal as it is kept; `body` is the whole verdict as JSON text."""

    readiness: Readiness
    deal: str
    number: int
    at: datetime
    gate: str | None
    sentence: str
    pipeline: str | None
    stage: str | None
    policy_version: str
    valid_until: datetime | None
    body: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest verdict of a deal with what it was made from, None where the deal is gone. `pending`: its
    bell was rung since."""

    verdict: Verdict
    inputs: Inputs | None
    pending: bool


_ITS_BELL = and_(
    bells.c.account == deals.c.account, bells.c.type == ObjectType.DEAL, bells.c.id == deals.c.deal
)
_VIEW = (
    *(deals.c.readiness, deals.c.deal, deals.c.verdict, deals.c.at, deals.c.gate, deals.c.sentence),
    *(deals.c.pipeline, deals.c.stage, deals.c.policy_version, deals.c.valid_until, deals.c.body),
)

_PAGE = 500


class Views:
    """Read-only questions about the deals of one account; `ring_due` is the clock's one write."""

    def __init__(self, database: Database, ringer: Bells) -> None:
        self._database = database
        self._ringer = ringer

    def deal(self, account: str, deal: str) -> DealView | None:
        """Return the newest verdict of one deal."""
        found = self.deals(account, [deal])
        return found[0] if found else None

    def deals(self, account: str, deal_ids: Sequence[str]) -> tuple[DealView, ...]:
        """Return the newest verdicts of these deals, by id."""
        query = (
            select(*_VIEW)
            .where(deals.c.account == account, self._database.among(deals.c.deal, deal_ids))
            .order_by(deals.c.deal)
        )
        with self._database.read() as transaction:
            rows = transaction.execute(query).all()
        return tuple(DealView(Readiness(readiness), *rest) for readiness, *rest in rows)

    def kept(self, account: str, deal: str) -> Kept | None:
        """Return all that is kept of the newest verdict of one deal."""
        query = (
            select(deals.c.body, deals.c.inputs, bells.c.wanted > bells.c.done)
            .join_from(deals, bells, _ITS_BELL, isouter=True)
            .where(deals.c.account == account, deals.c.deal == deal)
        )
        with self._database.read() as transaction:
            row = transaction.execute(query).one_or_none()
        if row is None:
            return None
        body, inputs, rung = row
        return Kept(decode(Verdict, body), None if inputs is None else decode(Inputs, inputs), bool(rung))

    def readiness(self, account: str) -> dict[Readiness, int]:
        """Count the deals of each readiness; every readiness is named."""
        query = (
            select(deals.c.readiness, func.count())
            .where(deals.c.account == account)
            .group_by(deals.c.readiness)
        )
        with self._database.read() as transaction:
            counts: dict[str, int] = dict(transaction.execute(query).all())
        return {readiness: counts.get(readiness, 0) for readiness in Readiness}

    def inputs(self, account: str) -> Iterator[Inputs]:
        """Yield what the newest verdict of each deal was made from, a page at a time, in the order of ids."""
        after = ""
        while True:
            query = (
                select(deals.c.deal, deals.c.inputs)
                .where(deals.c.account == account, deals.c.inputs.is_not(None), deals.c.deal > after)
                .order_by(deals.c.deal)
                .limit(_PAGE)
            )
            with self._database.read() as transaction:
                rows = transaction.execute(query).all()
            if not rows:
                return
            yield from (decode(Inputs, body) for _, body in rows)
            after = rows[-1].deal

    def under(self, account: str, version: str) -> tuple[str, ...]:
        """Return the deals whose newest verdict was made under this version of the policy."""
        query = select(deals.c.deal).where(deals.c.account == account, deals.c.policy_version == version)
        with self._database.read() as transaction:
            return tuple(transaction.scalars(query.order_by(deals.c.deal)))

    def signoffs(
        self, account: str, state: SignoffState = SignoffState.REQUESTED, limit: int = 1000
    ) -> tuple[tuple[str, Signoff], ...]:
        """Return (deal, sign-off) of this state, soonest due first."""
        query = (
            select(signoffs.c.deal, signoffs.c.body)
            .where(signoffs.c.account == account, signoffs.c.state == state)
            .order_by(signoffs.c.due_at, signoffs.c.deal)
            .limit(limit)
        )
        with self._database.read() as transaction:
            rows = transaction.execute(query).all()
        return tuple((deal, decode(Signoff, body)) for deal, body in rows)

    def asked(self, account: str, states: Iterable[SignoffState] = (SignoffState.REQUESTED,)) -> set[str]:
        """Return the deals about which somebody is asked: those with a sign-off in one of these states."""
        query = select(signoffs.c.deal).where(
            signoffs.c.account == account, signoffs.c.state.in_(sorted(states))
        )
        with self._database.read() as transaction:
            return set(transaction.scalars(query))

    def ring_due(self, account: str, now: datetime, limit: int = 1000) -> int:
        """Ring the deals whose verdict has come to its next point in time; each once for each verdict."""
        due = (
            select(deals.c.deal)
            .where(deals.c.account == account, deals.c.valid_until <= now)
            .order_by(deals.c.valid_until)
            .limit(limit)
        )
        with self._database.write() as transaction:
            found = list(transaction.scalars(due))
            self._ringer.ring([(account, ObjectType.DEAL, deal) for deal in found], now, within=transaction)
            transaction.execute(
                update(deals)
                .where(
                    deals.c.account == account,
                    self._database.among(deals.c.deal, found),
                    deals.c.valid_until <= now,
                )
                .values(valid_until=None)
            )
        return len(found)
