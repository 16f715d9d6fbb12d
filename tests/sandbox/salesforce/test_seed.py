"""The same company becomes both CRMs: people, pipelines, products, deals and their past."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.brightline import EMPTY
from sandbox.company import Company, Deal, Line, Step
from sandbox.generator import generate
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.loaders import crm_sales
from sandbox.replay import Replay
from sandbox.salesforce.office import SalesforceOffice
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed import LOADER

from .conftest import PACKAGE, connect

NOW = time.time_ns() // 1_000_000
ROWS = {
    "accounts.csv": "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
    "Acme,technolgy,1996,1,2822,Philipines,\n",
    "products.csv": "product,series,sales_price\nGTX Pro,GTX,4821\n",
    "sales_teams.csv": "sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\n",
    "sales_pipeline.csv": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    "1C1I7A6R,Anna Snelling,GTXPro,Acme,Won,10/20/2016,3/1/2017,4054\n"
    "Z063OYW0,Anna Snelling,GTXPro,,Prospecting,,,\n",
}


@pytest.fixture(scope="module")
def company() -> Company:
    return generate(60, seed=5, now_ms=NOW)


def test_the_same_deals_stand_in_both_crms(company: Company) -> None:
    with SalesforceSandbox(company) as sales, HubSpotSandbox(company) as hub:
        for one in company.deals:
            here = sales.deal(sales.seeded.deals[one.key])
            there = hub.deal(hub.seeded.deals[one.key])
            assert (here["Name"], here["StageName"]) == (there["dealname"], there["dealstage"])
            assert (
                here["OwnerId"]
                == sales.seeded.users[f"employee {one.owner}" if one.owner else "admin@example.com"]
            )
            assert here.get("delivery_address__c") == there.get("delivery_address")
            assert here["RecordTypeId"] == sales.seeded.record_types[there["pipeline"]]
            if one.close_date:
                assert here["CloseDate"] == one.close_date
            lines = sales.lines_of(sales.seeded.deals[one.key])
            assert len(lines) == len(one.lines)
            if one.amount is not None:
                assert abs(here["Amount"] - one.amount) < Decimal("0.05")


def test_the_past_of_a_deal_is_its_history(company: Company) -> None:
    with SalesforceSandbox(company) as crm:
        for one in company.deals[:20]:
            rows = list(crm.history_of(crm.seeded.deals[one.key]).values())
            stages = [row["StageName"] for row in rows]
            assert list(dict.fromkeys(stages)) == [step.stage for step in one.path]
            assert rows[-1]["CreatedById"] == crm.seeded.users[f"employee {one.path[-1].by}"]
            assert int(rows[-1]["CreatedDate"].timestamp()) == one.path[-1].at // 1000


def test_a_line_without_a_product_is_one_outside_the_offering() -> None:
    line = Line("Custom connector", Decimal(1), Decimal(7_500))
    deal = Deal("d", "Acme", "default", None, (Step("discovery", NOW, None),), lines=(line,))
    with SalesforceSandbox(
        Company("EUR", EMPTY.employees, EMPTY.pipelines, EMPTY.products, deals=(deal,))
    ) as crm:
        sf = connect(crm)
        row = sf.query("SELECT ProductCode, UnitPrice, ListPrice, Product2.Name FROM OpportunityLineItem")[
            "records"
        ][0]
        assert (row["ProductCode"], row["UnitPrice"], row["ListPrice"]) == (None, 7_500, 0)
        assert row["Product2"]["Name"] == "Custom connector"
        rows = crm.history_of(crm.seeded.deals["d"]).values()
        assert {one["CreatedById"] for one in rows} == {crm.user(LOADER)}


def test_crm_sales_becomes_an_org(tmp_path: Path) -> None:
    for name, text in ROWS.items():
        (tmp_path / name).write_text(text)
    with SalesforceSandbox(crm_sales.load(tmp_path)) as crm:
        won = crm.deal(crm.seeded.deals["1C1I7A6R"])
        assert (won["StageName"], won["IsWon"], won["Amount"]) == ("won", True, Decimal(4054))
        (line,) = crm.lines_of(str(won["Id"])).values()
        assert (line["UnitPrice"], line["ListPrice"]) == (4054, 4821)
        owner = crm.record(str(won["OwnerId"]))
        assert crm.record(str(owner["ManagerId"]))["Name"] == "Dustin Brinkmann"
        assert won["CurrencyIsoCode"] == "USD"


def test_the_past_can_be_played_as_acts(company: Company) -> None:
    empty = Company(
        company.currency,
        company.employees,
        company.pipelines,
        company.products,
        company.fields,
        company.customers,
        company.contacts,
    )
    with SalesforceSandbox(empty) as crm:
        replay = Replay(SalesforceOffice(crm), company)
        assert sum(1 for _ in replay.play()) == sum(len(one.path) for one in company.deals)
        for one in company.deals:
            deal = crm.deal(replay.deals[one.key])
            assert deal["StageName"] == one.stage
            assert one.amount is None or abs(deal["Amount"] - one.amount) < Decimal("0.05")


def test_sets_go_to_whom_they_are_for() -> None:
    with SalesforceSandbox() as crm:
        crm.deploy(PACKAGE)
        held = connect(crm).query("SELECT Assignee.Name, PermissionSet.Name FROM PermissionSetAssignment")[
            "records"
        ]
        pairs = {(one["PermissionSet"]["Name"], one["Assignee"]["Name"]) for one in held}
        assert ("Gate_Rep", "Mia de Vries") in pairs
        assert {name for role, name in pairs if role == "Gate_Ops"} == {
            "Anna Bos",
            "Jan Smit",
            "Eva Lang",
            "Ruth Klein",
        }
        assert {name for role, name in pairs if role == "Gate_Integration"} == {"Dealgate Integration"}
