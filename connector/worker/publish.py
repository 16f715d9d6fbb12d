"""Publish a policy, now or when its time has come, and take one back. Nobody is disturbed by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from connector.deals import ObjectType
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.fit import misfits
from connector.picture import Draft, publish, refuse_failed
from connector.policy.load import load
from connector.standing import Signoff, SignoffState
from connector.store.chain import Note
from connector.store.policies import Plan, Publication
from connector.worker.backfill import work_off

PLAN_FAILED = "planned-policy-refused"


@dataclass(frozen=True, slots=True)
class Moved:
    """A move back that was decided while a policy counted."""

    deal: str
    at: datetime
    from_stage: str
    to_stage: str


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What came of a rollback: questions that were taken back (deal and sign-off), moves back that stay as
    they are until a person looks, and how many deals wait for later."""

    withdrawn: tuple[tuple[str, Signoff], ...]
    kept: tuple[tuple[str, Signoff], ...]
    moves: tuple[Moved, ...]
    left: int


def make_live(desk: Desk, draft: Draft, *, author: str, note: str = "", action: str = "published") -> bool:
    """Publish quietly, and ring the deals that were assessed under the version before; False where this
    version is live already."""
    live = desk.store.policies.live(desk.account)
    now = desk.now()
    desk.store.accounts.keep_quiet(desk.account, now)
    if not publish(desk.store, desk.account, draft, now, author=author, note=note, action=action):
        return False
    known = desk.store.views.under(desk.account, live.version) if live else ()
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in known], now)
    return True


def publish_due(desk: Desk) -> None:
    """Publish what was planned up to now; what does not fit any more is called off, with an alarm."""
    for plan in desk.store.policies.planned(desk.account):
        if plan.at > desk.now():
            return
        try:
            draft = draft_of(plan)
            refuse_misfits(desk, draft)
        except ConfigurationError:
            desk.alarm(PLAN_FAILED, plan.version[:8])
            call_off(desk, plan)
            continue
        make_live(desk, draft, author=plan.author, note=plan.note)
        desk.store.policies.drop_plan(desk.account, plan, desk.now())


def call_off(desk: Desk, plan: Plan) -> bool:
    """Take a planned publication away; False where it was published or called off meanwhile."""
    told = Note("policy", None, {"action": "called-off", "version": plan.version})
    return desk.store.policies.drop_plan(desk.account, plan, desk.now(), told)


def refuse_misfits(desk: Desk, draft: Draft) -> None:
    """Raise ConfigurationError with the examples that come out otherwise, and all that the account does not
    have."""
    refuse_failed(draft, desk.now())
    problems = misfits(draft.policy, desk.crm)
    if problems:
        lines = "".join(f"\n  {problem}" for problem in problems)
        raise ConfigurationError(f"The policy does not fit the account:{lines}")


def draft_of(kept: Publication | Plan) -> Draft:
    """Return a kept version as a draft."""
    return Draft(kept.text, load(kept.text, f"policy {kept.version[:8]}"))


def roll_back(desk: Desk, bad: Publication, good: Publication, *, author: str, note: str) -> RolledBack:
    """Make `good` the live policy again and look at every deal that `bad` decided about."""
    asked = _asked_under(desk, bad.version)
    make_live(desk, draft_of(good), author=author, note=note, action="rolled-back")
    ids = sorted({deal for deal, _ in asked})
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in ids], desk.now())
    left = work_off(desk).later
    standing = {deal: one.signoffs for deal, one in desk.store.standings.of(desk.account, ids).items()}
    still = {(deal, _key(one)) for deal, record in standing.items() for one in record if _open(one)}
    return RolledBack(
        withdrawn=tuple((deal, one) for deal, one in asked if (deal, _key(one)) not in still),
        kept=tuple((deal, one) for deal, one in asked if (deal, _key(one)) in still),
        moves=tuple(_moves(desk, bad.at)),
        left=left,
    )


def _asked_under(desk: Desk, version: str) -> Sequence[tuple[str, Signoff]]:
    asked = desk.store.views.signoffs(desk.account, limit=100_000)
    return [(deal, one) for deal, one in asked if one.policy_version == version]


def _moves(desk: Desk, since: datetime) -> Iterator[Moved]:
    for entry in desk.store.ledger.since(desk.account, "move-back", since):
        body = orjson.loads(entry.body)
        yield Moved(entry.deal or "", entry.at, body["from"], body["to"])


def _open(signoff: Signoff) -> bool:
    return signoff.state is SignoffState.REQUESTED


def _key(signoff: Signoff) -> tuple[str, str, int]:
    return signoff.gate, signoff.role, signoff.cycle
