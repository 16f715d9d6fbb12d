"""What a CRM tells comes twice, late or never, and people write over badges: in the end all is as it should be."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.demo.cast import sides
from connector.demo.sides import HubSpotSide, SalesforceSide, Side
from connector.demo.sides import Line as Wire
from connector.demo.stage import Silent, Stage, on_stage
from connector.demo.story import Story
from connector.worker.look import look
from sandbox.brightline import COMPLETE, EMPTY, sale
from sandbox.office import Refused
from sandbox.salesforce.seed import ADMIN
from tests.conformance.house import COMPANY

LENA = "9103"
_WEB = {"DEALGATE_WEB_THREADS": "8", "DEALGATE_POLL_SECONDS": "0.05"}


@pytest.fixture
def stage(tmp_path: Path, sqlite_url: str) -> Iterator[Stage]:
    """Both CRMs, one product; what they tell is tampered with."""
    with (
        sides(EMPTY) as cast,
        on_stage(cast, COMPANY, tmp_path, database_url=sqlite_url, mailer=Silent(), extra=_WEB) as found,
    ):
        for side in cast:
            side.lift_limits()
        yield found


def over(stage: Stage, line: Wire) -> None:
    """Let what the CRMs tell come over this line."""
    for side in stage.sides:
        side.listen(stage.app.settings.public_url, line)


def sell(side: Side, number: int, discount: int) -> str:
    return side.office.create(LENA, sale(discount, name=f"Deal {number}", **COMPLETE))


def sold(stage: Stage, count: int) -> list[tuple[Side, list[str]]]:
    return [(side, [sell(side, number, number % 36) for number in range(count)]) for side in stage.sides]


def unfinished(stage: Stage, side: Side, deals: list[str]) -> list[object]:
    """Return what the CRM should show of these deals and does not."""
    return [effect for record in look(stage.desk(side), deals).records for effect in record.effects]


def swept(stage: Stage) -> None:
    for side in stage.sides:
        side.crm.clock.advance(2)  # type: ignore[attr-defined]  # searches lag
    Story(stage, datetime.now(UTC)).sweeps()
    assert stage.settle()


def writes(stage: Stage) -> int:
    calls = [call for side in stage.sides for call in side.office.calls.items()]
    ends = ("update", "create", "upsert")
    return sum(
        n for route, n in calls if route.endswith(ends) or "sobjects Opp" in route or "sobjects Task" in route
    )


def deface(side: Side, deal: str) -> None:
    """Write over the badge, as an admin who gave himself everything can in Salesforce."""
    if isinstance(side, SalesforceSide):
        side.crm.assign("Dealgate_Integration", ADMIN)
        side.crm.act_as(ADMIN).update(deal, {"Ops_Readiness__c": "ready", "Ops_Blocked_Stages__c": None})
    elif isinstance(side, HubSpotSide):
        side.crm.act_as(LENA).update(deal, {"ops_readiness": "ready", "ops_blocked_stages": ""})


def attempt(act: Callable[[], None]) -> None:
    try:
        act()
    except Refused:
        return


def test_one_sweep_repairs_a_tenth_of_lost_webhooks_and_the_second_changes_nothing(stage: Stage) -> None:
    over(stage, Wire(loss=0.1, seed=4))
    rows = sold(stage, 40)
    for round_ in range(4):
        for side, deals in rows:
            for number, deal in enumerate(deals):
                side.office.update(LENA, deal, {"number_of_users": str(11 + round_)})
                side.office.discount(LENA, deal, (number + 7 * round_) % 36)
    assert stage.settle()
    for side, _ in rows:
        assert side.crm.webhooks.delivered.lost > 15, side.title  # type: ignore[attr-defined]
    swept(stage)
    for side, deals in rows:
        assert not unfinished(stage, side, deals), side.title
    before = writes(stage)
    swept(stage)
    assert writes(stage) == before


def test_doubled_and_disordered_webhooks_change_nothing(stage: Stage) -> None:
    over(stage, Wire(duplicates=0.5, disorder=0.5, seed=4))
    rows = sold(stage, 30)
    for side, deals in rows:
        for number, deal in enumerate(deals):
            side.office.discount(LENA, deal, (number + 13) % 36)
            attempt(lambda office=side.office, deal=deal: office.move(LENA, deal, "contract"))  # type: ignore[misc]
    assert stage.settle()
    for side, deals in rows:
        assert side.crm.webhooks.delivered.duplicated > 25, side.title  # type: ignore[attr-defined]
        assert not unfinished(stage, side, deals), side.title
        keys = Counter(task.key for deal in deals for task in side.office.tasks(deal))
        assert set(keys.values()) == {1}, side.title


def test_a_badge_that_somebody_overwrote_is_repaired_in_each_crm(stage: Stage) -> None:
    rows = sold(stage, 20)
    assert stage.settle()
    for side, deals in rows:
        for deal in deals:
            deface(side, deal)
        assert unfinished(stage, side, deals)
    swept(stage)
    for side, deals in rows:
        assert not unfinished(stage, side, deals), side.title
