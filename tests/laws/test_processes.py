"""The same deal is judged the same in another process, whatever order its sets come in."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from connector.checks.derived import derive
from connector.policy.tables import read
from tests.laws.deals import a_case

_ROOT = Path(__file__).parents[2]
_CASES = 24


def digest() -> str:
    """Hash every verdict of some cases, word for word."""
    verdicts = (repr(a_case(number % 6, number).assess()) for number in range(_CASES))
    return sha256("\n".join(verdicts).encode()).hexdigest()


def _asked(program: str, seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=_ROOT, check=True, capture_output=True, text=True, timeout=120,
    ).stdout  # fmt: skip


def test_verdicts_are_the_same_under_every_hash_seed() -> None:
    ask = "from tests.laws.test_processes import digest; print(digest())"
    assert {_asked(ask, seed) for seed in ("0", "77")} == {f"{digest()}\n"}


def test_a_matrix_that_is_read_often_answers_as_one_that_is_read_for_the_first_time() -> None:
    answered = set()
    for number in range(8 * _CASES):
        case = a_case(number % 6, number)
        facts = derive(case.deal, case.policy)
        for table in case.policy.tables.values():
            often = table.answer(facts, case.deal.currency).reading
            assert often == read(table.matrix, facts, case.deal.currency, case.policy.roles)
            answered.add((often.safe, bool(often.unsure), len(often.demands)))
    assert len(answered) > 3
