"""`waiver grant|list|end|review`, `away`."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.shop import Shop

SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


def sold(shop: Shop, discount: int = 35) -> str:
    deal = shop.sell(discount)
    assert shop.run("sweep").code == 0
    return deal


def test_a_waiver_is_granted_listed_and_ended(shop: Shop) -> None:
    deal = sold(shop)
    assert shop.shows(deal) == "blocked"
    given = ("--as", "ruth-klein", "--reason", "pilot", "--until", SOON, "--note", "They pay in advance")

    ran = shop.run("waiver", "grant", deal, "commercial", *given)

    assert ran.code == 0, ran
    assert "Exception by Ruth Klein" in ran.out
    assert shop.shows(deal) == "exception"
    (row,) = shop.run("waiver", "list", "--json").json["waivers"]
    assert (row["deal"], row["rule"], row["state"], row["by"]) == (
        deal,
        "commercial",
        "in force",
        "ruth-klein",
    )
    ended = shop.run("waiver", "end", row["waiver"], "--as", "ruth-klein")
    assert (ended.code, ended.out) == (0, f"{row['waiver']} is ended.\n")
    assert shop.shows(deal) == "blocked"
    assert shop.run("waiver", "list").out == "0 waivers.\n"
    entries = [json.loads(line) for line in shop.run("ledger", "export", "--deal", deal).out.splitlines()]
    assert [one["body"]["event"] for one in entries if one["kind"] == "waiver"] == ["granted", "ended"]


def test_it_covers_the_deal_as_it_is_or_better(shop: Shop) -> None:
    deal = sold(shop)
    given = ("--as", "ruth-klein", "--reason", "pilot", "--until", SOON, "--up-to", "discount=32")
    assert shop.run("waiver", "grant", deal, "commercial", *given).code == 0

    assert shop.shows(deal) == "blocked"
    (row,) = shop.run("waiver", "list", "--json").json["waivers"]
    assert row["state"] == "outside its bound"


@pytest.mark.parametrize(("person", "needed"), [("anna-bos", "founder"), ("lena-fischer", "founder")])
def test_who_may_not_grant_it_is_told_who_may(person: str, needed: str, shop: Shop) -> None:
    deal = sold(shop)

    ran = shop.run(
        "waiver", "grant", deal, "commercial", "--as", person, "--reason", "pilot", "--until", SOON
    )

    assert ran.code == 1
    assert ran.err == f"{person} may not waive commercial for this deal: that takes {needed}.\n"
    assert shop.shows(deal) == "blocked"


def test_breaking_the_glass_asks_somebody_else_to_look_at_it(shop: Shop) -> None:
    deal = sold(shop)
    given = ("--as", "anna-bos", "--reason", "pilot", "--until", SOON, "--break-glass", "--json")
    made = shop.run("waiver", "grant", deal, "commercial", *given)
    assert shop.shows(deal) == "exception"
    [task] = [one for one in shop.open_tasks(deal) if "review" in one["hs_task_subject"]]
    assert task["hubspot_owner_id"] == "130"

    assert "in an emergency, not reviewed yet" in shop.run("waiver", "list").out
    refused = shop.run("waiver", "review", made.json["waiver"], "--as", "anna-bos")
    done = shop.run("waiver", "review", made.json["waiver"], "--as", "ruth-klein")

    assert (refused.code, done.code) == (1, 0)
    assert "emergency" not in shop.run("waiver", "list").out
    assert not [one for one in shop.open_tasks(deal) if "review" in one["hs_task_subject"]]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"rule": "comercial"}, ("RULE", "Did you mean commercial?")),
        ({"--reason": "friend"}, ("--reason", "pilot, strategic")),
        ({"--until": "tomorrow"}, ("--until", "2026-12-31")),
        ({"--until": "2001-01-01"}, ("--until", "At most 90 days")),
        ({"--as": "ruth-kline"}, ("--as", "Did you mean ruth-klein?")),
        ({"--up-to": "discount"}, ("--up-to", "discount=25")),
        ({"--up-to": "discnt=3"}, ("--up-to", "Did you mean discount?")),
    ],
)
def test_a_wrong_wish_is_told_what_to_do(changed: dict[str, str], words: tuple[str, ...], shop: Shop) -> None:
    deal = sold(shop)
    wish = {"--as": "ruth-klein", "--reason": "pilot", "--until": SOON, **changed}
    rule = wish.pop("rule", "commercial")

    ran = shop.run("waiver", "grant", deal, rule, *(word for pair in wish.items() for word in pair))

    ran.refused(*words)


def test_what_is_not_known_is_told(shop: Shop) -> None:
    shop.run("waiver", "end", "w-1", "--as", "ruth-klein").refused("WAIVER", "waiver list --all")
    shop.run(
        "waiver", "grant", "1", "commercial", "--as", "ruth-klein", "--reason", "pilot", "--until", SOON
    ).refused("DEAL")


def test_who_is_away_is_not_asked_and_who_stands_in_is(shop: Shop) -> None:
    deal = shop.asked()
    assert shop.shows(deal, "ops_waiting_on") == "Anna Bos (Operations)"

    ran = shop.run("away", "anna-bos", "--until", SOON, "--to", "tom-baker")
    shop.run("sweep")

    assert ran.code == 0
    assert "Tom Baker stands in. 1 open question is" in ran.out
    assert shop.shows(deal, "ops_waiting_on") == "Tom Baker (Operations)"
    (row,) = shop.run("away", "--json").json["away"]
    assert (row["person"], row["until"], row["to"]) == ("anna-bos", SOON, "tom-baker")
    assert shop.run("away", "anna-bos", "--back").out.startswith("Anna Bos is back.")
    assert shop.run("away").out == "0 away or to be.\n"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("anna",), ("PERSON", "Did you mean anna-bos?")),
        (("anna-bos",), ("--until", "2026-12-31")),
        (("--until", SOON), ("PERSON", "Say who is away")),
        (("--back",), ("PERSON", "Say who is away")),
        (("anna-bos", "--until", "soon"), ("--until", "2026-12-31")),
        (("anna-bos", "--until", "2001-01-01"), ("--until", "later day")),
        (("anna-bos", "--until", SOON, "--to", "anna-bos"), ("--to", "somebody else")),
        (("anna-bos", "--until", SOON, "--to", "bob"), ("--to", "Known:")),
        (("anna-bos", "--back", "--until", SOON), ("--back", "Leave --from, --until and --to out")),
    ],
)
def test_a_wrong_absence_is_told_what_to_do(
    given: tuple[str, ...], words: tuple[str, ...], shop: Shop
) -> None:
    shop.run("away", *given).refused(*words)
