"""When people may be troubled: the data is there, something gives rise to it, and a person is behind it
(design 1.2, 1.3)."""

from datetime import datetime

from connector import touch
from connector.context import Context
from connector.deals import OurField
from connector.gates.folding import HOLDS
from connector.gates.judge import Draft
from connector.policy.model import Ask, Ruling
from connector.signoffs.ground import WITHDRAW, Ground
from connector.verdicts import Readiness

_NO_REQUEST = frozenset({"", "false", "no", WITHDRAW})


def askable(draft: Draft) -> bool:
    """Say whether the gate may trouble people: not while it observes, is stopped, or data is missing."""
    gate = draft.verdict
    if not draft.place.visible or draft.untold or draft.keep or gate.readiness is Readiness.BLOCKED:
        return False
    if [one for one in gate.findings if one.outcome in HOLDS]:
        return False
    return not [need for need in gate.needs if need.ruling is Ruling.UNKNOWN]


def occasion(draft: Draft, drafts: tuple[Draft, ...], ground: Ground) -> Ask | None:
    """Return what gives rise to asking or telling, the rep's own request first: it needs no touch. A gate
    that is reached and still has a question is owed."""
    place = draft.place
    if Ask.REQUEST in place.gate.ask and requested(ground) and (place.reached or draft in next_ahead(drafts)):
        return Ask.REQUEST
    if Ask.OWED in place.gate.ask and place.reached:
        return Ask.OWED
    if Ask.BEFORE not in place.gate.ask or not place.just_before:
        return None
    return None if [one for one in drafts if one.verdict.owed and one.place.visible] else Ask.BEFORE


def requested(ground: Ground) -> bool:
    """Say whether the rep asks, by the request field; a tick that was taken away asks nothing."""
    shown = ground.deal.shown.get(OurField.REQUEST, "")
    return shown != "" and shown.strip().casefold() not in _NO_REQUEST


def next_ahead(drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """Return the gates of the next gated stage ahead, observing ones left out."""
    ahead = [draft for draft in drafts if draft.place.visible and not draft.place.reached]
    if len(ahead) < 2:
        return tuple(ahead)
    return tuple([draft for draft in ahead if draft.place.at == ahead[0].place.at])


def stirred(draft: Draft, drafts: tuple[Draft, ...], ground: Ground, since: datetime | None = None) -> bool:
    """Say whether a person is behind it: the request itself, or a touch after every mark and `since`."""
    context = ground.context
    if occasion(draft, drafts, ground) is Ask.REQUEST:
        return True
    marks = (*quiet_marks(context), since)
    return context.history is not None and touch.touched(context.history, marks) is not None


def quiet_marks(context: Context) -> tuple[datetime | None, ...]:
    """Return the marks up to which touches start nothing."""
    return context.standing.quiet_until, context.quiet_until
