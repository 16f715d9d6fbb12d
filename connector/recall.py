"""A deal as it was last seen, from the record alone: whoever must answer at once calls no CRM."""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from connector.boards import Boards
from connector.checks.derived import derive
from connector.context import Context
from connector.deals import Deal, OurField
from connector.directory import Directory
from connector.drafts import read_published
from connector.errors import PolicyUnreadable
from connector.explain.story import Told
from connector.explain.viewer import Viewer
from connector.inputs import Inputs
from connector.policy.exchange import quoted
from connector.policy.model import Policy
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.store.chain import Beside, LedgerEntry
from connector.store.store import Store
from connector.store.users import Roll
from connector.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class House:
    """What all deals of an account share: the live policy, and who is who in the CRM."""

    policy: Policy
    directory: Directory
    roll: Roll

    def viewer(self, user: str) -> Viewer:
        """Return who this user of the CRM is; one who left is nobody."""
        found = next((one for one in self.roll.users if one.user == user and one.active), None)
        return Viewer(found, self.directory.by_user.get(user) if found else None)


@dataclass(frozen=True, slots=True)
class Recalled:
    """The newest verdict of a deal, and the case as it is on record now. `pending`: a newer look is due."""

    verdict: Verdict
    ground: Ground
    pending: bool


@dataclass(slots=True)
class Recall:
    """Recall the deals of one account; policy and people are read again when they are others."""

    account: str
    store: Store
    boards: Boards = field(init=False)
    _house: House | None = field(default=None)

    def __post_init__(self) -> None:
        self.boards = Boards(self.account, self.store)

    def house(self) -> House | None:
        """Return what all deals share, None before the first look at the account, and where this version of
        Dealgate cannot read the live policy: the worker tells of that."""
        live, roll = self.store.policies.live(self.account), self.store.users.of(self.account)
        if live is None or roll is None:
            return None
        known = self._house
        if known is None or (known.policy.version, known.roll) != (live.version, roll):
            try:
                policy = read_published(live.version, live.text)
            except PolicyUnreadable:
                return None
            known = House(policy, Directory.join(policy.people, roll.users), roll)
            self._house = known
        return known

    def deal(self, deal: str, house: House, now: datetime) -> Recalled | None:
        """Return what is on record about a deal, None where Dealgate has not seen it or it is gone."""
        kept = self.store.views.kept(self.account, deal)
        if kept is None or kept.inputs is None:
            return None
        return Recalled(kept.verdict, self._ground(kept.inputs, house, now), kept.pending)

    def story(self, deal: str, last: int) -> tuple[Told, ...]:
        """Return the last entries of the ledger about a deal, in order."""
        entries = deque(self.store.ledger.told(self.account, deal), maxlen=last)
        return tuple(told(*one) for one in entries)

    def with_hours(self, ground: Ground) -> Ground:
        """Return the ground with the capacity that there is now: what a thought is judged by."""
        board = self.boards.now(ground.policy, ground.now)
        return replace(ground, context=replace(ground.context, board=board))

    def _ground(self, inputs: Inputs, house: House, now: datetime) -> Ground:
        deal, state = _unasked(inputs.deal), self.store.accounts.get(self.account)
        context = Context(
            account=self.account,
            pipelines={inputs.pipeline.id: inputs.pipeline},
            directory=house.directory,
            standing=self.store.standings.of(self.account, [deal.id])[deal.id],
            history=inputs.history or (),
            live_since=inputs.live_since,
            quiet_until=state.quiet_until,
            observe_only=state.paused,
            flag_only=state.tripped(now),
            absences=self.store.absences.all(self.account),
        )
        policy, today = quoted(house.policy, inputs.quotes), local(now, house.policy.calendar).date()
        facts = derive(deal, policy, today, context.standing.signoffs)
        return Ground(deal, facts, inputs.pipeline, policy, context, now)


def told(entry: LedgerEntry, beside: tuple[Beside, ...]) -> Told:
    """Return an entry of the ledger as its story is told from it."""
    return Told(entry.at, entry.kind, orjson.loads(entry.body), {one.name: one.value for one in beside})


def _unasked(deal: Deal) -> Deal:
    """Return the deal without the request that may have stood on it: a thought asks nobody."""
    shown: dict[OurField, str] = dict(deal.shown)
    shown.pop(OurField.REQUEST, None)
    return replace(deal, shown=shown)
