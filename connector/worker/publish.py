"""Publish a policy, now or when its time has come. Nobody is disturbed by it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from connector.deals import ObjectType
from connector.desk import Desk
from connector.drafts import Draft, priced, publish, read_published, refuse_failed
from connector.errors import ConfigurationError
from connector.fit import misfits
from connector.store.chain import Note
from connector.store.policies import Plan, Publication

PLAN_FAILED = "planned-policy-refused"


def make_live(
    desk: Desk,
    draft: Draft,
    *,
    author: str,
    note: str = "",
    action: str = "published",
    since: Mapping[str, datetime] | None = None,
) -> bool:
    """Publish quietly, and ring the deals that were assessed under the version before; False where this
    version is live already. `since`: gates that count from an earlier time on."""
    live = desk.store.policies.live(desk.account)
    now = desk.now()
    desk.store.accounts.keep_quiet(desk.account, now)
    if not publish(
        desk.store, desk.account, draft, now, author=author, note=note, action=action, since=since
    ):
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
    refuse_failed(replace(draft, policy=priced(draft.policy, desk.crm.rates)), desk.now())
    problems = misfits(draft.policy, desk.crm)
    if problems:
        lines = "".join(f"\n  {problem}" for problem in problems)
        raise ConfigurationError(f"The policy does not fit the account:{lines}")


def draft_of(kept: Publication | Plan) -> Draft:
    """Return a kept version as a draft."""
    return Draft(kept.text, read_published(kept.version, kept.text))
