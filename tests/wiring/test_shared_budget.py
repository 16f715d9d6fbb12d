"""What one worker hears of HubSpot's limits, all workers of the account keep to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector import wiring
from connector.adapters.hubspot import HubSpot
from connector.errors import CrmUnavailable
from connector.observe import Metrics
from connector.settings import read_settings
from connector.store.store import Store
from connector.wiring import Clock
from tests.adapters.hubspot_driver import HubSpotDriver, new_sandbox
from tests.worker.play import environment


@pytest.fixture
def hubspot() -> Iterator[HubSpotDriver]:
    with new_sandbox() as sandbox:
        yield HubSpotDriver(sandbox)


def worker(hubspot: HubSpotDriver, store: Store, clock: Clock, folder: Path) -> HubSpot:
    known = read_settings(environment(hubspot.sandbox, "sqlite:///other.db"), folder)
    (account,) = known.hubspot
    return wiring.hubspot(known, account, store, Metrics(), clock)


def test_when_the_days_calls_are_used_up_one_worker_hears_it_and_none_calls_again(
    hubspot: HubSpotDriver, store: Store, tmp_path: Path
) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    first, second = (worker(hubspot, store, lambda: now, tmp_path) for _ in range(2))
    hubspot.fail("429-daily", writes="*")
    hubspot.sandbox.counters.reset()
    with pytest.raises(CrmUnavailable) as heard:
        first.pipelines()
    assert heard.value.reason == "hubspot-daily-limit"
    with pytest.raises(CrmUnavailable) as kept:
        second.pipelines()
    assert (kept.value.reason, kept.value.retry_after) == ("hubspot-on-hold", heard.value.retry_after)
    assert hubspot.calls() == 1
    hubspot.heal()
    now += timedelta(seconds=heard.value.retry_after + 1)
    assert second.pipelines()
