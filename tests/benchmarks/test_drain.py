"""The drain benchmark does what it says, at a tiny size; how fast it is, is not for a test to say."""

from pathlib import Path

import pytest

from benchmarks.drain import ENGINES, Runs, measure, prepare, result
from benchmarks.drain_deals import POLICY, sellers
from tests.databases import Cluster, SqliteFiles


# Python 3.12 warns of a fork beside threads; the forked workers here touch none of the test runner's.
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_every_deal_is_answered_by_one_worker_and_by_two(
    tmp_path: Path, sqlite_files: SqliteFiles, cluster: Cluster
) -> None:
    work = prepare(sellers(30), POLICY, 90, tmp_path)
    databases = {"sqlite": sqlite_files, "postgresql": cluster}

    def new_database(engine: str) -> str:
        return databases[engine].new_database()

    measured = [
        measure(work, engine, new_database, workers, Runs(1, 0.0)) for engine in ENGINES for workers in (1, 2)
    ]
    assert [one.outcome for one in measured] == [{"ready": 27, "needs-sign-off": 3, "asked": 3}] * 4
    assert {engine: set(rates) for engine, rates in result(measured).items()} == {
        engine: {"deals_s_1", "deals_s_2"} for engine in ENGINES
    }
