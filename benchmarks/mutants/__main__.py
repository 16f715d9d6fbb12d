"""`make mutants`: a seeded sample of all mutants of the pure rooms; prints the survivors and the score."""

import json
import random
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from time import monotonic

import pytest

from benchmarks.mutants.made import Draft, Mutant, drafts
from benchmarks.mutants.tried import Trial

ROOMS = (
    "authority.py", "capacity", "checks", "explain", "gates", "levers", "plan", "policy", "proof",
    "ranges", "signoffs",
)  # fmt: skip
TESTS = tuple(
    f"tests/{room}" for room in ("capacity", "checks", "core", "laws", "policy", "proof", "versions")
)
QUIET = ("-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "--hypothesis-profile=mutants",
    "-W", "ignore::pytest.PytestAssertRewriteWarning")  # fmt: skip


def main() -> int:
    """Return 1 where the score is below the floor, 2 where nothing was tried."""
    args, began = _arguments(), monotonic()
    files = sorted(file for room in args.rooms for file in _files(Path("connector") / room))
    every = [one for file in files for one in drafts(file)]
    trial = Trial(files, _sample(every, args), args.children)
    pytest.main([*QUIET, *(args.tests or TESTS)], plugins=[trial])
    tried = trial.tried
    lost = [one for one in tried if one.name not in trial.dead]
    if not tried:
        return 2  # pytest has said why
    if not args.json:
        _tell(tried, lost, trial)
    score = round(100 * (1 - len(lost) / len(tried)), 1)
    counts = {"of": len(every), "mutants": len(tried), "killed": len(tried) - len(lost)}
    told = {"seed": args.seed, **counts, "unreached": len(trial.unreached), "score": score}
    print(json.dumps({**told, "seconds": round(monotonic() - began)}))
    return int(score < args.floor)


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=1000, help="how many mutants (default 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--children", type=int, default=2, help="how many at a time (default 2)")
    parser.add_argument("--floor", type=float, default=85, help="the least score in percent (default 85)")
    parser.add_argument("--rooms", nargs="+", choices=ROOMS, default=ROOMS, help="of these rooms alone")
    parser.add_argument("--only", nargs="+", help="these mutants, by the names that a run prints")
    parser.add_argument("--tests", nargs="+", help="these tests instead of all of the pure rooms")
    parser.add_argument("--json", action="store_true", help="no list of survivors")
    return parser.parse_args()


def _files(room: Path) -> Sequence[Path]:
    return (room,) if room.suffix else tuple(room.glob("*.py"))


def _sample(every: Sequence[Draft], args: Namespace) -> list[Mutant]:
    if args.only:
        mixed = [one for one in every if one.name in args.only]
    else:
        mixed = random.Random(args.seed).sample(every, len(every))
    made = (one.made() for one in mixed)
    return list(islice((one for one in made if one is not None), args.sample))


def _tell(tried: Sequence[Mutant], lost: Sequence[Mutant], trial: Trial) -> None:
    for one in sorted(lost, key=lambda one: one.name):
        unreached = " (no test reaches it)" if one.name in trial.unreached else ""
        print(f"\n{one.name}{unreached}\n{one.difference}")
    counted, alive = Counter(map(_room, tried)), Counter(map(_room, lost))
    print(f"\n{'room':<14}{'mutants':>8}{'alive':>7}{'score':>9}")
    for room, count in sorted(counted.items()):
        print(f"{room:<14}{count:>8}{alive[room]:>7}{100 * (1 - alive[room] / count):>8.1f}%")


def _room(one: Mutant) -> str:
    return one.file.split("/")[1]


if __name__ == "__main__":
    sys.exit(main())
