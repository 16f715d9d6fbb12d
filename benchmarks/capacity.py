"""What capacity costs: one deal against 500 competing ones, process time on one core.

The company is drawn from a seed: four roles, 60 people, 200 planned pieces of work, 500 open, held and won
deals over 40 weeks, so crowded that chances have to be sampled. `board` holds the plan against all deals,
once for each batch; `ask` answers one deal with all bands; `assess` is both, of a deal that comes alone. The
floor says only whether the promised start fits. `exact` is `ask` with 12 competing deals, where nothing is
sampled. Of each deal the best of three rounds.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from statistics import median

from benchmarks.support import Json, Options, options, print_json, report
from connector.capacity.answer import Answer
from connector.capacity.board import Board, board
from connector.capacity.records import Claim, Commitment, Demand, Effort, Estimate, Snapshot, Supply
from connector.capacity.search import ask, fits

TODAY = date(2026, 3, 2)
ROLES = ("architect", "data-engineer", "project-lead", "trainer")
RIVALS, FEW = 500, 12
WANTED_MS = 50.0
_ROUNDS = 3
_CLAIMS = (Claim.OPEN, Claim.OPEN, Claim.OPEN, Claim.OPEN, Claim.HELD, Claim.WON)


def main(asked: Options) -> None:
    """Measure, print a table, and the JSON where asked."""
    dice = random.Random(1)
    plan, rivals = _plan(dice), [_estimate(dice, number) for number in range(RIVALS)]
    boards = [_timed(lambda: board(plan, rivals, TODAY)) for _ in range(5)]
    crowd, few = board(plan, rivals, TODAY), board(plan, rivals[:FEW], TODAY)
    deals = [
        (_demand(dice), TODAY + timedelta(weeks=number % 20)) for number in range(200 if asked.full else 60)
    ]
    found = _each(crowd, deals, _ask)
    told: dict[str, Json] = {
        "rivals": RIVALS,
        "board_ms": round(median(boards), 2),
        "floor_ms": round(median(_each(crowd, deals, fits)), 3),
        "ask_ms": round(median(found), 2),
        "exact_ms": round(median(_each(few, deals, _ask)), 2),
        "assess_ms": round(median(boards) + median(found), 2),
        "assess_worst_ms": round(median(boards) + max(found), 2),
        "wanted_ms": WANTED_MS,
    }
    report("Capacity: one deal against 500", ("what", "value"), list(told.items()))
    if asked.json:
        print_json(told)


def _each(
    on: Board, deals: Sequence[tuple[Demand, date]], question: Callable[[Board, str, Demand, date], object]
) -> list[float]:
    """Return the milliseconds of each deal."""
    works = [partial(question, on, f"new-{number}", *deal) for number, deal in enumerate(deals)]
    return [min(_timed(work) for _ in range(_ROUNDS)) for work in works]


def _ask(on: Board, deal: str, demand: Demand, start: date) -> Answer:
    return ask(on, deal, demand, start, "seed")


def _timed(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


def _plan(dice: random.Random) -> Snapshot:
    people = tuple(
        Supply(role, f"{role}-{number}", date(2026, 1, 1), None, 36 * 60)
        for role in ROLES
        for number in range(15)
    )
    return Snapshot(TODAY, people, commitments=tuple(_work(dice) for _ in range(200)))


def _work(dice: random.Random) -> Commitment:
    first = TODAY + timedelta(weeks=dice.randint(0, 20))
    return Commitment(dice.choice(ROLES), first, first + timedelta(weeks=dice.randint(1, 8)), 16 * 60)


def _estimate(dice: random.Random, number: int) -> Estimate:
    start = TODAY + timedelta(weeks=dice.randint(0, 40))
    chance = dice.randint(100, 900)
    return Estimate(str(number), str(number), dice.choice(_CLAIMS), start, _demand(dice), chance)


def _demand(dice: random.Random) -> Demand:
    return Demand.of(
        Effort(role, dice.randint(8, 120) * 60, dice.randint(0, 2), dice.randint(1, 6))
        for role in dice.sample(ROLES, 3)
    )


if __name__ == "__main__":
    main(options(__doc__ or "", sys.argv[1:]))
