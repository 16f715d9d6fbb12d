"""A backtest of somebody else's year, held against plain arithmetic on the same files."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.backtest import draft_text
from connector.backtest.report import report
from connector.backtest.tally import Tally
from connector.backtest.trial import Trial
from connector.commands.csv_past import past_of
from connector.commands.demo import policy
from connector.drafts import read_draft
from tests.cli.shop import run

DATA = Path(__file__).parents[3] / "shared" / "data" / "crm_sales"
LIVE = policy("crm_sales")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def won() -> list[tuple[Decimal, Decimal, str]]:
    """Discount in percent, close value and manager of every deal that was won."""
    prices = {row["product"].replace(" ", ""): Decimal(row["sales_price"]) for row in rows("products.csv")}
    managers = {row["sales_agent"]: row["manager"] for row in rows("sales_teams.csv")}
    return [
        (
            100 * (1 - Decimal(row["close_value"]) / prices[row["product"].replace(" ", "")]),
            Decimal(row["close_value"]),
            managers[row["sales_agent"]],
        )
        for row in rows("sales_pipeline.csv")
        if row["deal_stage"] == "Won"
    ]


def test_every_won_deal_is_judged_as_its_discount_says(won: list[tuple[Decimal, Decimal, str]]) -> None:
    draft = read_draft(LIVE).policy
    past = past_of(DATA, draft)
    found = report(Tally(Trial(draft, past.world)).add_all(past.crossings))
    medium = [one for one in won if 10 < one[0] <= 20]
    large = [one for one in won if one[0] > 20]
    assert found["decidable_share"] == 1.0
    assert found["crossings"]["all"] == len(won) == 4238
    assert found["crossings"]["sign_off"] == found["crossings"]["blocked"] == len(medium) + len(large)
    assert {one["rule"]: one["crossings"] for one in found["rules"]} == {
        "discount: medium": len(medium),
        "discount: large": len(large),
    }
    assert Decimal(found["crossings"]["money_held"]["USD"]) == sum(one[1] for one in (*medium, *large))
    held = Counter(manager for _, _, manager in (*medium, *large))
    assert {team: row["sign_off"] for team, row in found["teams"].items()} == held
    by_person = {who["person"]: who["asks"] for who in found["signoffs"][0]["holders"]}
    asked = Counter(manager.lower().replace(" ", "-") for _, _, manager in medium)
    assert by_person == asked
    assert found["needing_nobody_share"] == round(1 - (len(medium) + len(large)) / len(won), 4)


def test_a_draft_of_thirty_rows_says_which_deals_change(
    tmp_path: Path, won: list[tuple[Decimal, Decimal, str]]
) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text(draft_text())
    words = ("policy", "backtest", str(path), "--data", str(DATA), "--against", str(LIVE), "--since", "30d")
    told = run(*words, "--json", "--html", str(tmp_path / "page.html"), folder=tmp_path, environ={})
    assert told.code == 0, told
    since = date(2017, 12, 1)
    changed = [
        row
        for row, (discount, _, _) in zip(
            (row for row in rows("sales_pipeline.csv") if row["deal_stage"] == "Won"), won, strict=True
        )
        if (8 < discount <= 10 or 15 < discount <= 20) and _day(row["close_date"]) >= since
    ]
    assert told.json["changed"]["deals"] == len(changed)
    assert set(told.json["changed"]["directions"]) == {"tighter"}
    page = (tmp_path / "page.html").read_text()
    assert "can be decided" in page.split("<h2>")[0]
    assert "<svg" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def _day(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


def test_what_a_decision_takes_is_waited_for(tmp_path: Path) -> None:
    words = ("policy", "backtest", str(LIVE), "--data", str(DATA), "--since", "30d", "--json")
    quick = run(*words, "--decision-hours", "2", folder=tmp_path, environ={}).json["waiting"]
    slow = run(*words, "--decision-hours", "16", folder=tmp_path, environ={}).json["waiting"]
    assert quick["crossings"] == slow["crossings"]
    assert quick["mean_hours"] + 24 < slow["mean_hours"]
