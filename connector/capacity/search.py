"""When a deal fits: the earliest feasible start and finish, what stands in the way, and how sure it is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from connector.capacity.answer import Answer, Window
from connector.capacity.board import HORIZON, Board
from connector.capacity.chance import Chance, Odds
from connector.capacity.placing import Case, Free, earliest, slack
from connector.capacity.records import SURE, Demand
from connector.capacity.shortage import pushers_of, shorts_of
from connector.capacity.weeks import Week, days_of, week_of, working

LIKELY = 0.8


def missing_roles(board: Board, demand: Demand) -> tuple[str, ...]:
    """Return the roles of which the plan knows nothing."""
    return tuple(sorted({part.role for part in demand.parts} - board.supply.keys()))


def ask(board: Board, deal: str, demand: Demand, promised: date | None, seed: str) -> Answer:
    """Say when the deal fits, from its promised start on (from today where there is none).

    Every role of the demand must have supply (`missing_roles`), and a board that only remembers must know the
    answer (`knows`). `seed` makes sampled chances repeatable.
    """
    if board.told is None:
        return _looked_up(board, deal, demand, promised, seed)
    question = (deal, demand, promised)
    found = board.told.get(question)
    if found is None:
        found = board.told[question] = _looked_up(board, deal, demand, promised, seed)
    return found


def knows(board: Board, deal: str, demand: Demand, promised: date | None) -> bool:
    """Say whether the board can answer: one that only remembers knows what it was asked that day."""
    return not board.is_memory or (deal, demand, promised) in (board.told or {})


def _looked_up(board: Board, deal: str, demand: Demand, promised: date | None, seed: str) -> Answer:
    wanted = promised or board.today
    start = max(week_of(wanted), board.first)
    case = Case(board, deal, demand, wanted, start, board.of_deal(deal))
    found = earliest(case, case.confirmed, demand)
    passed = wanted < board.today
    fits = not passed and found == start
    shorts = () if found == start else shorts_of(case)
    if board.brief:
        return Answer(fits, passed, _window(case, found), shorts=shorts)
    rivals = [one for one in board.rivals if one.deal != deal]
    odds = Odds(rivals, seed)
    exposure = earliest(case, _less(case, board.exposed, 1), demand, found)
    return Answer(
        fits=fits,
        passed=passed,
        confirmed=_window(case, found),
        forecast=_window(case, earliest(case, _less(case, board.expected, SURE), demand, found)),
        likely=_window(case, _likely(case, odds, found, exposure)),
        exposure=_window(case, exposure),
        chance=Chance(1.0) if exposure == start else odds.of_room(slack(case, start)),
        shorts=shorts,
        pushers=pushers_of(case, shorts),
    )


def finish(start: date, demand: Demand, days: Collection[int], holidays: Collection[date]) -> date:
    """Return the last working day of the work that starts on this day."""
    return max(start, working(week_of(start) + demand.weeks - 1, days, holidays)[-1])


def end_of_plan(board: Board) -> date:
    """Return the last day that is looked at."""
    return days_of(board.last)[-1]


def fits(board: Board, deal: str, demand: Demand, promised: date) -> bool | None:
    """Say whether the promised start holds against what is certain; None where the plan does not tell."""
    if board.as_of is None or missing_roles(board, demand):
        return None
    if board.is_memory:
        said = (board.told or {}).get((deal, demand, promised))
        return None if said is None else said.fits
    case = Case(board, deal, demand, promised, max(week_of(promised), board.first), board.of_deal(deal))
    return promised >= board.today and min(slack(case, case.start).values(), default=0) >= 0


def _less(case: Case, rows: Mapping[str, Sequence[int]], scale: int) -> Free:
    """Return what is free when open deals take this too, scaled; the deal's own share left out."""
    own = next((one for one in case.board.rivals if one.deal == case.deal), None)
    share = 0 if own is None else own.chance if scale == SURE else 1
    mine = own.cells if own is not None else {}
    first = case.board.first

    def free(role: str, at: int) -> int:
        others = rows[role][at] - share * mine.get((role, first + at), 0)
        return case.confirmed(role, at) - -(-others // scale)

    return free


def _likely(case: Case, odds: Odds, found: Week | None, exposure: Week | None) -> Week | None:
    """Return the first start that holds in 80 of 100 cases: not before the confirmed one, nor later than the
    one that holds whoever is won."""
    if found is None:
        return None
    last = case.board.first + HORIZON - case.demand.weeks if exposure is None else exposure
    for start in range(found, last + 1):
        if start == exposure or odds.of_room(slack(case, start)).value >= LIKELY:
            return start
    return None


def _window(case: Case, start: Week | None) -> Window | None:
    """Return the days: the promised one in its own week, else the first working day that is not over."""
    if start is None:
        return None
    board = case.board
    if start == week_of(case.promised) and case.promised >= board.today:
        first = case.promised
    else:
        first = next(
            (day for day in working(start, board.days, board.holidays) if day >= board.today), board.today
        )
    return Window(first, finish(first, case.demand, board.days, board.holidays))
