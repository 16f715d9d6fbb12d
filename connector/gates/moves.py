"""Whether a breach may be moved back, as far as the gates and the day can say (design 1.7)."""

from connector.gates.judge import Draft
from connector.policy.model import Mode
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local

MOVES_A_DAY = 2


def history_decides(drafts: tuple[Draft, ...], ground: Ground) -> bool:
    """Say whether only the history can tell if a breach is to be moved back."""
    if ground.context.history is not None:
        return False
    owed = [draft for draft in drafts if draft.place.visible and draft.owed]
    return any(_moves_back(draft) for draft in owed) and moves_left(ground)


def _moves_back(draft: Draft) -> bool:
    place = draft.place
    return place.mode is Mode.BLOCK and place.gate.move_back and not draft.keep and place.at > 0


def moves_left(ground: Ground) -> bool:
    """Say whether the deal may be moved back once more today, in the policy's time zone."""
    calendar, moves = ground.policy.calendar, ground.context.standing.moves
    return sum(local(at, calendar).date() == ground.today for at in moves) < MOVES_A_DAY
