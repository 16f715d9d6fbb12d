"""The benchmark of deciding, in small: the peers give the same answers, and machines read what they expect."""

import pytest

from benchmarks.assess_deals import deals, known
from benchmarks.calls_deals import DATA
from sandbox.loaders import crm_sales


@pytest.mark.skipif(not crm_sales.recognises(DATA), reason="the crm_sales data is not at hand")
def test_three_other_engines_answer_as_we_do() -> None:
    from benchmarks.assess import measure, read_rules, result  # the peers take long to import

    drawn = deals(DATA, 300)
    assert not all(known(deal) for deal in drawn)
    told = result(measure(read_rules(), drawn, side_by_side=200, rounds=1))
    assert isinstance(told, dict)
    assert list(told) == ["us_evidence", "us_verdict", "vs_cel", "vs_zen", "vs_rule_engine"]
    assert all(isinstance(value, float) and value > 0 for value in told.values())


def test_the_policy_has_twenty_conditions_and_thirty_rows() -> None:
    from benchmarks.assess import read_rules

    assert [len(matrix.rows) for matrix in read_rules().matrices] == [20, 30]
