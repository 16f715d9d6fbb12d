"""What the admin has to hear of a verdict."""

from collections.abc import Iterable, Sequence

from connector.gates.judge import Draft
from connector.signoffs.ground import Ground
from connector.signoffs.people import eligible
from connector.standing import Signoff


def alarms(drafts: Iterable[Draft], signoffs: Sequence[Signoff], ground: Ground) -> tuple[str, ...]:
    """Return a line for each alarm: its kebab-case reason, and the role or gate it is about. `drafts` are the
    gates that the badge speaks of."""
    return (*_out_of_reach(drafts, ground), *_nobody_above(signoffs, ground))


def _out_of_reach(drafts: Iterable[Draft], ground: Ground) -> Iterable[str]:
    for draft in drafts:
        for role in draft.verdict.nobody:
            yield f"nobody-can-sign {role}"
        for role in draft.verdict.away:
            yield f"everybody-away {role}"
        for one in draft.stops:
            if one.open and not eligible(one.demand.role, ground):
                yield f"nobody-can-stop {one.demand.role.id}"
        if draft.keep:
            yield f"source-down {draft.verdict.gate}"


def _nobody_above(signoffs: Sequence[Signoff], ground: Ground) -> Iterable[str]:
    """Yield an alarm for each question that is escalated now while there is nobody above to ask."""
    if not signoffs:
        return
    before = {(one.gate, one.role, one.cycle): one for one in ground.context.standing.signoffs}
    for one in signoffs:
        was = before.get((one.gate, one.role, one.cycle))
        if was is not None and was.escalated_at is None and one.escalated_at and was.asked == one.asked:
            yield f"nobody-above {one.role}"
