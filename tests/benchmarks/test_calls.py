"""CRM calls for changed deals: a count, and so the same on every machine."""

from pathlib import Path

import pytest

from benchmarks.calls import hubspot_floor, measure, result, salesforce_floor
from benchmarks.calls_deals import DATA, changes
from connector.demo.cast import CRMS
from sandbox.loaders import crm_sales

needs_data = pytest.mark.skipif(not crm_sales.recognises(DATA), reason="the data set crm_sales is not there")


@needs_data
@pytest.mark.parametrize("crm", CRMS)
def test_changed_deals_cost_hardly_more_calls_than_a_perfect_batcher_needs(crm: str, tmp_path: Path) -> None:
    measured = measure(crm, changes(DATA, 250), tmp_path)
    assert measured.tasks == 25
    # What a definition is read by counts more for few deals.
    assert sum(measured.first.values()) <= max(
        1.15 * sum(measured.floor.values()), sum(measured.floor.values()) + 1
    )
    assert measured.second_writes == 0
    assert set(result([measured])) == {crm, f"{crm}_floor_ratio", "second_pass_writes"}


@needs_data
def test_exactly_a_tenth_of_the_deals_needs_somebody(tmp_path: Path) -> None:
    planned = changes(DATA, 1000)
    assert (len(planned.won), len(planned.offered)) == (900, 100)
    assert {deal.stage for deal in planned.company.deals} == {"engaging"}


def test_the_floor_counts_batches_as_each_crm_limits_them() -> None:
    assert sum(hubspot_floor(1000, lines=1000, asked=100).values()) == 10 + 1 + 10 + 2 + 10 + 1
    assert sum(hubspot_floor(1001, lines=3001, asked=101).values()) == 11 + 2 + 31 + 3 + 11 + 2
    assert sum(salesforce_floor(1000, lines=1000, asked=100).values()) == 5 + 1 + 5 + 1
    assert sum(salesforce_floor(1001, lines=3001, asked=201).values()) == 6 + 2 + 6 + 2
