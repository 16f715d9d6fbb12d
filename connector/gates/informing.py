"""Who is told without being asked: the holders that rows with `notify` name, each once (design 1.11, 1.3)."""

from collections.abc import Iterable

from connector.gates.judge import Draft
from connector.gates.occasions import askable, occasion, stirred
from connector.policy.model import Ask, Ruling
from connector.signoffs.ground import Ground
from connector.signoffs.people import eligible
from connector.verdicts import Need, Notice


def news(drafts: tuple[Draft, ...], ground: Ground) -> tuple[tuple[Notice, ...], bool]:
    """Return what is to be told now, and whether only the history can say if a person is behind it.

    People are told when others would be asked (docs/rules.md), so never before the data is there, never by
    a gate that observes, and never for what a machine did.
    """
    if ground.context.observe_only:
        return (), False
    unread = ground.context.history is None
    new: list[Notice] = []
    for draft in drafts:
        rise = _rise(draft, drafts, ground)
        if rise is None:
            continue
        if unread and rise is not Ask.REQUEST:
            if next(iter(_untold(draft, ground)), None) is not None:
                return (), True
        elif stirred(draft, drafts, ground):
            new += _untold(draft, ground)
    return tuple(new), False


def _rise(draft: Draft, drafts: tuple[Draft, ...], ground: Ground) -> Ask | None:
    """Return what gives rise to telling, None where there is nothing to tell or nobody may be troubled."""
    told = [need for need in draft.verdict.needs if need.ruling is Ruling.NOTIFY]
    return occasion(draft, drafts, ground) if told and askable(draft) else None


def _untold(draft: Draft, ground: Ground) -> Iterable[Notice]:
    for need in draft.verdict.needs:
        notice = _notice(draft, need, ground) if need.ruling is Ruling.NOTIFY else None
        if notice is not None and notice.key not in ground.context.standing.done:
            yield notice


def _notice(draft: Draft, need: Need, ground: Ground) -> Notice | None:
    role = ground.policy.roles.get(need.role or "")
    people = eligible(role, ground) if role is not None else ()
    if not people:
        return None
    parts = (ground.context.account, ground.deal.id, draft.verdict.gate, need.matrix, need.row, people[0])
    return Notice(":".join(("notice", *parts)), draft.verdict.gate, people[0], need)
