"""What only HubSpot has: merged ids, companies, discounts in two forms, percentages as fractions."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from connector.adapters.base import Fate, Wanted
from connector.deals import OurField, Unreadable
from connector.effects import WriteFields
from connector.policy.model import Field, FieldType, Home
from sandbox.hubspot.kinds import COMPANY, DEAL
from sandbox.hubspot.properties import Option, Property, Type
from tests.adapters.driver import Sold
from tests.adapters.hubspot_driver import HubSpotDriver
from tests.adapters.suite import fates, task_for

COUNTRY = Field("country", "Country", FieldType.TEXT, Home.COMPANY, hubspot="country")


def test_a_merged_deal_is_answered_with_its_survivor(hubspot: HubSpotDriver) -> None:
    kept, other = hubspot.new_deal("Kept", "discovery"), hubspot.new_deal("Other", "discovery")
    survivor = hubspot.sandbox.act_as("9101").merge(kept, other)
    page = hubspot.crm.read_deals([kept, other], hubspot.wanted)
    assert [deal.id for deal in page.deals] == [survivor]
    assert page.merged == {one: survivor for one in (kept, other) if one != survivor}
    assert page.gone == ()


def test_the_company_is_read_only_where_the_policy_names_it(hubspot: HubSpotDriver) -> None:
    account = hubspot.sandbox.account
    acts = hubspot.sandbox.act_as("9101")
    company = account.create(COMPANY, {"name": "Acme", "country": "NL"}, acts.source).id
    deal = acts.create_deal(
        {"dealname": "A", "dealstage": "discovery", "pipeline": "default"}, company=company
    )
    alone = hubspot.new_deal("Alone", "discovery")
    hubspot.crm.read_deals([deal], hubspot.wanted)
    assert "POST associations/deals/companies/batch/read" not in hubspot.sandbox.calls
    seen = {one.id: one for one in hubspot.crm.read_deals([deal, alone], Wanted((COUNTRY,))).deals}
    assert seen[deal].values["country"] == "NL"
    assert seen[alone].values["country"] is None


def test_of_a_line_that_was_changed_too_often_the_oldest_versions_are_lost(hubspot: HubSpotDriver) -> None:
    deal = hubspot.new_deal("Acme", "discovery", (Sold("Platform Seat"),))
    (line,) = hubspot.sandbox.lines_of(deal)
    before = hubspot.now()
    for price in range(25):
        hubspot.sandbox.clock.advance(60)
        hubspot.sandbox.act_as("9101").update_line(line, {"price": str(price + 1)})
    past = hubspot.crm.past_lines([deal])[deal]
    assert past.at(before) is None
    (now,) = past.at(hubspot.now()) or ()
    assert now == (hubspot.crm.read_deals([deal], hubspot.wanted).deals[0].line_items or ())[0]
    (earlier,) = past.at(hubspot.now() - timedelta(seconds=90)) or ()
    assert (earlier.net_price, now.net_price) == (Decimal(23), Decimal(25))


def test_a_field_without_property_is_a_named_unknown(hubspot: HubSpotDriver) -> None:
    deal = hubspot.new_deal("Acme", "discovery")
    page = hubspot.crm.read_deals([deal], Wanted((Field("risk", "Risk", FieldType.TEXT),)))
    value = page.deals[0].values["risk"]
    assert isinstance(value, Unreadable)
    assert value.ours
    assert page.alarms == ("field-unmapped risk",)


def test_a_field_that_came_back_is_read_again(hubspot: HubSpotDriver) -> None:
    deal = hubspot.new_deal("Acme", "discovery", users="12")
    kept = hubspot.sandbox.account.schema.get(DEAL, "number_of_users")
    hubspot.drop_field("users")
    assert hubspot.crm.read_deals([deal], hubspot.wanted).alarms == ("field-vanished users",)
    hubspot.sandbox.account.schema.create(DEAL, kept)
    page = hubspot.crm.read_deals([deal], hubspot.wanted)
    assert page.deals[0].values["users"] == Decimal(12)


def test_a_multi_select_comes_as_many(hubspot: HubSpotDriver) -> None:
    options = (Option("a", "A"), Option("b", "B"))
    prop = Property("needs", "Needs", Type.ENUMERATION, "checkbox", "dealinformation", options)
    hubspot.sandbox.account.schema.create(DEAL, prop)
    deal = hubspot.new_deal("Acme", "discovery")
    hubspot.change("101", deal, {"needs": "a;b"})
    page = hubspot.crm.read_deals([deal], Wanted((Field("needs", "Needs", FieldType.ENUM, hubspot="needs"),)))
    assert page.deals[0].values["needs"] == ("a", "b")


def line(hubspot: HubSpotDriver, **values: str) -> tuple[Decimal | None, Decimal | None]:
    """Return list and net price of one line sold with these values."""
    acts = hubspot.sandbox.act_as("9101")
    deal = hubspot.new_deal("Acme", "discovery")
    acts.add_line(deal, values)
    (item,) = hubspot.crm.read_deals([deal], hubspot.wanted).deals[0].line_items or ()
    return item.list_price, item.net_price


def test_a_discount_is_taken_off_the_price_in_either_form(hubspot: HubSpotDriver) -> None:
    seat = hubspot.product("Platform Seat")
    sold = {"hs_product_id": seat, "quantity": "10"}
    assert line(hubspot, **sold) == (480, 480)
    assert line(hubspot, **sold, hs_discount_percentage="25") == (480, 360)
    assert line(hubspot, **sold, discount="30") == (480, 450)
    assert line(hubspot, **sold, discount="30", hs_discount_percentage="0") == (480, 450)


def test_the_list_price_is_the_products_whatever_the_line_says(hubspot: HubSpotDriver) -> None:
    assert line(hubspot, hs_product_id=hubspot.product("Platform Seat"), quantity="1", price="300") == (
        480,
        300,
    )


def test_an_unknown_price_or_quantity_is_never_zero(hubspot: HubSpotDriver) -> None:
    assert line(hubspot, name="Custom connector", quantity="1") == (None, None)
    assert line(hubspot, name="Custom connector", price="900") == (None, None)
    assert line(hubspot, name="Custom connector", price="900", quantity="1") == (None, 900)


def test_list_prices_are_read_once(hubspot: HubSpotDriver) -> None:
    deal = hubspot.new_deal("Acme", "discovery", (Sold("Platform Seat"),))
    for _ in range(3):
        hubspot.crm.read_deals([deal], hubspot.wanted)
    assert hubspot.sandbox.calls["POST objects/products/batch/read"] == 1


def test_a_new_stage_is_learned_when_a_deal_stands_in_it(hubspot: HubSpotDriver) -> None:
    stages = hubspot.crm.pipelines()
    deal = hubspot.new_deal("Acme", "discovery")
    hubspot.sandbox.account.records.get(DEAL, deal).values["dealstage"] = "brand-new"
    hubspot.settle(), hubspot.settle()
    hubspot.crm.read_deals([deal], hubspot.wanted)
    before = hubspot.sandbox.calls["GET pipelines/deals"]
    assert hubspot.crm.pipelines() == stages
    assert hubspot.sandbox.calls["GET pipelines/deals"] == before + 1


def test_a_batch_refused_whole_is_halved_until_every_row_has_its_fate(hubspot: HubSpotDriver) -> None:
    deals = [hubspot.new_deal(f"Deal {place}", "discovery") for place in range(6)]
    twice = [*deals, deals[0]]  # HubSpot refuses a batch that names one record twice
    told = hubspot.crm.write_fields([WriteFields(deal, {OurField.REASON: "x"}) for deal in twice])
    assert fates(told) == [Fate.DONE] * 7


def test_a_missing_field_of_ours_is_refused_with_its_reason(hubspot: HubSpotDriver) -> None:
    deals = [hubspot.new_deal(f"Deal {place}", "discovery") for place in range(8)]
    hubspot.sandbox.account.schema.archive(DEAL, "ops_readiness")
    hubspot.sandbox.counters.reset()
    told = hubspot.crm.write_fields([WriteFields(deal, {OurField.READINESS: "ready"}) for deal in deals])
    assert {(one.fate, one.reason) for one in told} == {(Fate.REFUSED, "hubspot-property-doesnt-exist")}
    assert hubspot.calls() == 1


def test_a_thousand_changed_deals_cost_few_calls(hubspot: HubSpotDriver) -> None:
    deals = [hubspot.new_deal(f"Deal {place}", "discovery") for place in range(1_000)]
    lean = replace(hubspot.wanted, line_items=False)
    hubspot.crm.pipelines(), hubspot.crm.users()
    hubspot.sandbox.counters.reset()
    hubspot.crm.read_deals(deals, lean)
    hubspot.crm.write_fields([WriteFields(deal, {OurField.READINESS: "ready"}) for deal in deals])
    hubspot.crm.create_tasks([task_for(hubspot, deal) for deal in deals[::10]])
    assert hubspot.calls() == 1 + 10 + 10 + 1  # definitions, reads, writes, tasks
