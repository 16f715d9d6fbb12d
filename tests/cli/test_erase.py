"""`ledger erase` reaches everything that is kept: the name is nowhere in a dump of the database."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from connector.capacity.records import Claim, Commitment, Demand, Estimate, Snapshot, Supply
from connector.store import Store
from connector.store.tables import metadata
from tests.cli.shop import COMPANY, LENA, Shop, opened

NOW = datetime(2026, 3, 2, tzinfo=UTC)
JANE, ANNA = ("jane roe",), ("anna-bos", "anna bos", "anna.bos@example.com")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path, request.getfixturevalue(f"{request.param}_url")) as found:
        yield found


def left(shop: Shop, words: tuple[str, ...]) -> list[str]:
    """Return where one of the words stands in the rows of all tables, as a backup has them."""
    store = Store.open(shop.environ["DATABASE_URL"])
    with store.database.read() as transaction:
        rows = [
            f"{table.name}: {tuple(row)!r}".casefold()
            for table in metadata.sorted_tables
            for row in transaction.execute(select(table))
        ]
    store.close()
    return [row for row in rows if any(word in row for word in words)]


def plan(shop: Shop) -> None:
    """Put the name where Operations' plan and our own estimates have it."""
    store = Store.open(shop.environ["DATABASE_URL"])
    day = date(2026, 3, 2)
    taken = (Commitment("consultant", day, day, 60, label="Kick-off with Jane Roe"),)
    supply = (Supply("consultant", "Jane Roe", day, None, 2400),)
    store.capacity.replace("hubspot", Snapshot(day, supply, commitments=taken), NOW)
    with store.database.write() as transaction:
        estimate = [Estimate("1", "Jane Roe Ltd", Claim.WON, day, Demand())]
        store.capacity.keep("hubspot", estimate, [], within=transaction)
    store.close()


def test_a_contact_is_erased_from_record_plan_and_verdict_and_the_decision_stands(shop: Shop) -> None:
    deal = shop.sell(18, dealname="Jane Roe Ltd", delivery_address="c/o Jane Roe, Kade 1")
    assert shop.run("sweep").code == 0
    note = "JANE ROE called.\nCondition: Jane Roe signs by 2031-02-15"
    assert shop.run("signoff", "approve", deal, "--as", "anna-bos", "--note", note).code == 0
    assert shop.run("signoff", "met", deal, "--as", "anna-bos").code == 0
    until = f"{datetime.now(UTC).date() + timedelta(days=9)}"
    excuse = ("--reason", "pilot", "--until", until, "--note", "for Jane Roe")
    assert shop.run("waiver", "grant", deal, "required-data", "--as", "anna-bos", *excuse).code == 0
    plan(shop)
    kept = {row.partition(":")[0] for row in left(shop, JANE)}
    assert kept >= {"deals", "signoffs", "answers", "waivers", "estimates", "commitments", "supply"}
    shop.by(LENA).update(deal, {"dealname": "Acme", "delivery_address": "Kade 1"})
    ran = shop.run("ledger", "erase", "--mentioning", "Jane Roe", "--json", "--yes")
    assert ran.code == 0
    assert ran.json["erased"] > 5
    assert left(shop, JANE) == []
    assert shop.run("sweep").code == 0
    assert shop.shows(deal) in {"ready", "exception"}  # what was agreed is agreed
    verified = shop.run("ledger", "verify", "--json").json
    assert (verified["whole"], verified["erased"] > 0) == (True, True)
    assert left(shop, JANE) == []


@pytest.mark.parametrize(
    "shop", [pytest.param("sqlite", marks=pytest.mark.slow), "postgresql"], indirect=True
)
def test_somebody_who_left_the_policy_is_erased_from_decisions_and_old_policies(shop: Shop) -> None:
    decided, countered = shop.asked(), shop.asked(19)
    assert shop.run("signoff", "approve", decided, "--as", "anna-bos").code == 0
    assert shop.run("signoff", "approve", countered, "--as", "anna-bos", "--up-to", "15").code == 0
    assert shop.run("away", "anna-bos", "--from", "2031-01-01", "--until", "2031-01-09").code == 0
    without = re.sub(r".*name: Anna Bos.*\n", "", COMPANY.read_text()).replace("anna-bos", "eva-lang")
    (shop.folder / "without.yaml").write_text(without)
    assert shop.run("policy", "publish", "without.yaml", "--author", "Ada", "--yes").code == 0
    ran = shop.run("ledger", "erase", "--person", "anna-bos", "--json", "--yes")
    assert (ran.code, ran.json["in_the_live_policy"]) == (0, False)
    assert left(shop, ANNA) == []
    assert shop.run("ledger", "verify", "--json").json["whole"]
    shop.run("ledger", "authority", "ruth-klein", "--on", f"{datetime.now(UTC).date()}").told("held Founder")
    assert shop.run("sweep").code == 0
    assert shop.shows(decided) == "ready"  # her yes still counts
    assert "Somebody who has left" in shop.shows(decided, "ops_readiness_reason")
    assert shop.shows(countered) == "needs-info"
