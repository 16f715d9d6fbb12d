"""A new plan, or a new day: open deals whose answer changes are looked at again; nobody is disturbed."""

from dataclasses import dataclass

from connector.capacity.watch import changed
from connector.checks.capacity import is_stale
from connector.desk import Desk


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """How many open deals take hours, and how many of them get another answer. `alarm` is what is wrong with
    the plan, kebab-case, empty where it is well."""

    deals: int = 0
    rung: int = 0
    alarm: str = ""


def reconsider(desk: Desk) -> Reconsidered:
    """Ring the deals whose answer changes; with an old plan the last answers stay (design 1.4)."""
    now = desk.now()
    policy = desk.pictures.policy(now)
    spec, board = policy.capacity, desk.pictures.boards.now(policy, now)
    if spec is None or board is None:
        return Reconsidered()
    count = len(board.estimates)
    if board.as_of is None:
        return Reconsidered(count, alarm="capacity-missing")
    if is_stale(spec, board):
        return Reconsidered(count, alarm="capacity-stale")
    rung = changed(board)
    desk.store.capacity.ring_quietly(desk.account, rung, now)
    return Reconsidered(count, len(rung))
