"""Generated and loaded companies: what is in them, and what their dirt became."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.brightline import EMPLOYEES, PRODUCTS
from sandbox.company import Company, Deal, StageKind, net
from sandbox.generator import generate
from sandbox.hubspot.kinds import COMPANY, DEAL, LINE_ITEM, TASK
from sandbox.hubspot.office import HubSpotOffice
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.rows import add_rows
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.loaders import crm_sales, hubspot_seed
from sandbox.replay import Replay, acts

NOW = 1_795_000_000_000
DATA = Path(__file__).parents[3] / "shared" / "data"


def discount(deal: Deal) -> Decimal:
    lists = {product.sku: product.list_price for product in PRODUCTS}
    known = [line for line in deal.lines if line.sku]
    paid = sum(line.quantity * (line.price or 0) * (1 - line.discount) for line in known)
    return 1 - paid / sum(line.quantity * lists[line.sku or ""] for line in known)


def needs(deal: Deal) -> str:
    """Say what stands between the deal and its contract under the shared company's policy."""
    if deal.stage in {"closedlost", "renewal_lost"}:
        return "not-assessed"
    if discount(deal) > Decimal("0.3"):
        return "blocked"
    if not {"delivery_address", "number_of_users"} <= deal.values.keys():
        return "needs-info"
    if discount(deal) > Decimal("0.1") or any(line.sku is None for line in deal.lines):
        return "needs-sign-off"
    return "ready"


def test_the_same_seed_gives_the_same_company_and_another_one_another() -> None:
    assert generate(50, seed=3, now_ms=NOW) == generate(50, seed=3, now_ms=NOW)
    assert generate(50, seed=3, now_ms=NOW) != generate(50, seed=4, now_ms=NOW)


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_readiness_that_can_occur_has_two_percent_of_the_deals(seed: int) -> None:
    deals = generate(400, seed=seed, now_ms=NOW).deals
    shares = Counter(needs(deal) for deal in deals if deal.pipeline == "default")
    assert set(shares) == {"ready", "needs-info", "needs-sign-off", "blocked", "not-assessed"}
    assert min(shares.values()) >= 0.02 * len(deals)


def test_generated_deals_stand_at_all_stages_with_the_gaps_real_ones_have() -> None:
    company = generate(400, now_ms=NOW)
    stages = {stage.id for pipeline in company.pipelines for stage in pipeline.stages}
    assert {deal.stage for deal in company.deals} == stages
    assert any(deal.owner is None for deal in company.deals)
    assert any(deal.amount is None for deal in company.deals)
    assert any(deal.customer is None for deal in company.deals)
    assert all(deal.amount in {None, net(deal.lines)} for deal in company.deals)
    assert all(step.at <= NOW for deal in company.deals for step in deal.path)


def test_a_generated_company_becomes_records_with_history_and_lines() -> None:
    company = generate(60, now_ms=NOW)
    with HubSpotSandbox(company, limits=Limits(on=False)) as crm:
        for deal in company.deals:
            record = crm.account.records.get(DEAL, crm.seeded.deals[deal.key])
            versions = record.versions("dealstage")
            assert [version.value for version in versions[::-1]] == [step.stage for step in deal.path]
            assert record.values["hs_is_closed"] == str(deal.stage in CLOSED).lower()
            assert len(crm.lines_of(record.id)) == len(deal.lines)
        assert {owner.user_id for owner in crm.account.owners.all()} == {one.user for one in EMPLOYEES}


CLOSED = {"closedwon", "closedlost", "renewal_won", "renewal_lost"}


@pytest.fixture(scope="module")
def sales() -> Company:
    folder = DATA / "crm_sales"
    if not crm_sales.recognises(folder):
        pytest.skip("the crm_sales data is not at hand")
    return crm_sales.load(folder)


def test_crm_sales_is_complete(sales: Company) -> None:
    assert Counter(deal.stage for deal in sales.deals) == {
        "won": 4238,
        "lost": 2473,
        "engaging": 1589,
        "prospecting": 500,
    }
    assert (len(sales.customers), len(sales.products)) == (85, 7)
    assert len([one for one in sales.employees if len(one.id) == 4]) == 35


def test_the_dirt_of_crm_sales_is_decided(sales: Company) -> None:
    assert {line.sku for deal in sales.deals for line in deal.lines} == {one.sku for one in sales.products}
    industries = {customer.industry for customer in sales.customers}
    assert "technology" in industries
    assert "technolgy" not in industries
    assert sum(deal.customer is None for deal in sales.deals) == 1425
    assert sum("engage_date" not in deal.values for deal in sales.deals) == 500
    assert all((deal.amount is not None) is (deal.stage == "won") for deal in sales.deals)
    first = sales.deals[0]
    assert (first.values["engage_date"], str(first.close_date)) == ("2016-10-20", "2017-03-01")


def test_the_won_deals_of_crm_sales_need_whom_the_policy_says(sales: Company) -> None:
    given = [
        1 - (deal.amount or 0) / (deal.lines[0].price or 1) for deal in sales.deals if deal.stage == "won"
    ]
    assert sum(one > Decimal("0.1") for one in given) == 709
    assert sum(one > Decimal("0.2") for one in given) == 92


def test_every_agent_has_a_manager_who_has_a_seat(sales: Company) -> None:
    seats = {one.id for one in sales.employees}
    agents = {deal.owner for deal in sales.deals}
    managers = {one.manager for one in sales.employees if one.id in agents}
    assert len(managers) == 6
    assert managers <= seats


def test_the_history_of_crm_sales_plays_in_date_order(sales: Company) -> None:
    played = list(acts(sales))
    assert [act.step.at for act in played] == sorted(act.step.at for act in played)
    assert Counter(act.step.stage for act in played) == {
        "prospecting": 8800,
        "engaging": 8300,
        "won": 4238,
        "lost": 2473,
    }


def test_a_replay_ends_where_the_data_ends_and_wins_carry_their_value(sales: Company) -> None:
    some = replace(sales, deals=sales.deals[:300])
    with HubSpotSandbox(replace(some, deals=()), limits=Limits(on=False)) as crm:
        replay = Replay(HubSpotOffice(crm), some)
        for act in replay.play():
            if act.creates:
                assert "amount" not in crm.deal(replay.deals[act.deal.key])
        for deal in some.deals:
            shown = crm.deal(replay.deals[deal.key])
            assert shown["dealstage"] == deal.stage
            assert shown.get("amount") == (None if deal.amount is None else str(deal.amount))
            newest = crm.account.records.get(DEAL, replay.deals[deal.key]).versions("dealstage")[0]
            assert newest.source.id == f"userId:9{deal.owner}"


@pytest.mark.slow
def test_the_whole_of_crm_sales_loads_into_hubspot(sales: Company) -> None:
    with HubSpotSandbox(sales, limits=Limits(on=False)) as crm:
        records = crm.account.records
        counts = {kind.name: sum(1 for _ in records.all(kind)) for kind in (DEAL, LINE_ITEM, COMPANY)}
        assert counts == {"deal": 8800, "line_item": 8800, "company": 85}


def test_the_hubspot_rows_keep_their_ids_stages_history_and_merges() -> None:
    folder = DATA / "hubspot_seed"
    if not hubspot_seed.recognises(folder):
        pytest.skip("the hubspot_seed data is not at hand")
    rows = hubspot_seed.load(folder)
    assert len(rows.company.pipelines) == 6
    stages = [stage for pipeline in rows.company.pipelines for stage in pipeline.stages]
    assert len(stages) == 71
    assert {stage.kind for stage in stages} == {StageKind.OPEN, StageKind.WON}
    assert sum(deal.owner is not None for deal in rows.company.deals) == 22
    with HubSpotSandbox(rows.company, limits=Limits(on=False)) as crm:
        add_rows(crm.account, rows)
        assert "1244495215" in crm.deals()
        assert crm.deal("3954699413")["dealstage"] != crm.deal("1244495215")["dealstage"]
        assert crm.deal("9014070905")["hs_object_id"] == "9089908390"
        assert {task.id for task in crm.account.records.all(TASK)} == {"32034933897", "32034933899"}
        entries = sum(
            len(crm.account.records.get(DEAL, deal).versions(field.name))
            for deal in crm.deals()
            for field in rows.company.fields
        )
        assert 90 < entries <= len(rows.history) == 100
