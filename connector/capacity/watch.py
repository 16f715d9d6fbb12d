"""Which open deals get another answer at their promised start: only those are looked at again."""

from connector.capacity.board import Board
from connector.capacity.records import Claim, Estimate
from connector.capacity.search import fits


def changed(board: Board) -> tuple[str, ...]:
    """Return the open deals of which the board now says something else than was said last."""
    return tuple(sorted(deal for deal, one in board.estimates.items() if _is_changed(board, one)))


def _is_changed(board: Board, estimate: Estimate) -> bool:
    if estimate.claim is not Claim.OPEN:
        return False
    now = fits(board, estimate.deal, estimate.demand, estimate.start)
    return now is not None and now is not estimate.fits
