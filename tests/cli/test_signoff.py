"""`signoff list|approve|reject`."""

import pytest

from tests.cli.shop import Shop


def test_what_is_asked_is_listed(shop: Shop) -> None:
    assert shop.run("signoff", "list").out == "0 open.\n"
    deal = shop.asked()
    ran = shop.run("signoff", "list")
    assert ran.code == 0
    assert deal in ran.out
    assert "anna-bos" in ran.out
    assert "18 % discount (rep's limit 10 %)" in ran.out
    assert "your 10 %" not in ran.out  # whoever lists them is not the rep
    (row,) = shop.run("signoff", "list", "--json").json["signoffs"]
    assert set(row) == {"deal", "gate", "role", "asked", "due", "why", "waits"}
    assert (row["deal"], row["gate"], row["role"]) == (deal, "contract", "operations")


def test_a_yes_clears_the_deal_and_closes_the_task(shop: Shop) -> None:
    deal = shop.asked()
    ran = shop.run("signoff", "approve", deal, "--as", "anna-bos", "--note", "a reference customer")
    assert ran.code == 0
    assert "Anna Bos agreed" in ran.out
    assert shop.shows(deal) == "ready"
    assert not [task for task in shop.open_tasks(deal) if task["hs_task_subject"].startswith("Decide")]


@pytest.mark.parametrize("limit", ["15", "15%", " 15 % ", "15.0"])
def test_a_yes_up_to_a_limit_is_an_offer(limit: str, shop: Shop) -> None:
    deal = shop.asked()
    ran = shop.run("signoff", "approve", deal, "--as", "jan-smit", "--up-to", limit, "--json")
    assert ran.code == 0
    assert ran.json == {"deal": deal, "counted": True, "sentence": shop.shows(deal, "ops_readiness_reason")}
    assert "At 15 % Jan Smit says yes" in ran.json["sentence"]


def test_a_no_stops_the_deal(shop: Shop) -> None:
    deal = shop.asked()
    assert shop.run("signoff", "reject", deal, "--as", "anna-bos", "--note", "Never again.").code == 0
    assert shop.shows(deal) == "blocked"
    told = shop.run("signoff", "list", "--json").json
    assert told["signoffs"] == []
    (veto,) = told["vetoes"]
    assert (veto["deal"], veto["by"], veto["note"]) == (deal, "Anna Bos", "Never again.")
    assert veto["may_lift"] == ["anna-bos", "ruth-klein"]  # not Jan Smit, who stands beside her
    shop.run("signoff", "list").told("stopped by Anna Bos: Never again.", "Anna Bos and Ruth Klein.")
    assert shop.run("signoff", "approve", deal, "--as", "jan-smit").code == 1
    assert shop.run("signoff", "approve", deal, "--as", "ruth-klein").code == 0
    assert shop.run("signoff", "list", "--json").json == {"signoffs": [], "vetoes": []}


@pytest.mark.parametrize("word", ["reject", "ask", "reply"])
def test_a_no_or_a_question_without_words_is_refused(word: str, shop: Shop) -> None:
    deal = shop.asked()
    shop.run("signoff", word, deal, "--as", "anna-bos", "--note", " ").refused("--note", "It is empty.")
    assert shop.shows(deal) == "needs-sign-off"


def test_met_and_reply_say_what_is_not_there_though_a_question_is_open(shop: Shop) -> None:
    deal = shop.asked()
    met = shop.run("signoff", "met", deal, "--as", "anna-bos")
    met.told("does not count: no condition of this deal is open")
    reply = shop.run("signoff", "reply", deal, "--as", "lena-fischer", "--note", "Yes.")
    reply.told("does not count: no question to the rep is open")
    assert (met.code, reply.code) == (1, 1)


def test_a_yes_of_the_deals_owner_or_of_somebody_else_does_not_count(shop: Shop) -> None:
    deal = shop.asked()
    for person in ("lena-fischer", "eva-lang"):
        ran = shop.run("signoff", "approve", deal, "--as", person)
        assert ran.code == 1
        assert "does not count" in ran.out
    assert shop.shows(deal) == "needs-sign-off"


def test_where_nothing_is_asked_an_answer_does_not_count(shop: Shop) -> None:
    deal = shop.sell(5)
    assert shop.run("sweep").code == 0
    ran = shop.run("signoff", "approve", deal, "--as", "anna-bos", "--json")
    assert (ran.code, ran.json["counted"]) == (1, False)
    assert ran.json["sentence"]


@pytest.mark.parametrize("limit", ["much", "", "1e99", "NaN", "-3", "15,5", "1.500", "١٥"])
def test_a_limit_that_is_no_number(limit: str, shop: Shop) -> None:
    shop.run("signoff", "approve", "1", "--as", "anna-bos", f"--up-to={limit}").refused(
        "--up-to", repr(limit)
    )


def test_a_person_and_a_deal_that_are_not_known(shop: Shop) -> None:
    deal = shop.asked()
    shop.run("signoff", "approve", deal, "--as", "ana-bos").refused("--as", "Did you mean anna-bos?")
    shop.run("signoff", "approve", deal, "--as", "zz").refused("--as", "Known: anna-bos")
    shop.run("signoff", "approve", "4711", "--as", "anna-bos").refused("DEAL", "'4711'", "signoff list")


def test_an_answer_while_the_crm_is_down_is_kept_and_counted_later(shop: Shop) -> None:
    deal = shop.asked()
    ran = shop.run("signoff", "approve", deal, "--as", "anna-bos", HUBSPOT_API_URL="http://127.0.0.1:1")
    ran.told("kept for later")
    assert ran.code == 1
    assert shop.run("backfill", "--yes").code == 0
    assert shop.shows(deal) == "ready"


def test_a_question_waits_for_the_rep_and_the_customer_and_may_be_taken_back(shop: Shop) -> None:
    deal = shop.asked()
    asked = shop.run("signoff", "ask", deal, "--as", "anna-bos", "--note", "Who migrates?")
    assert (asked.code, shop.shows(deal)) == (0, "needs-info")
    shop.run("signoff", "list").told(
        "waits for the rep's reply", "1 open. Times are those of Europe/Amsterdam."
    )
    assert shop.run("signoff", "reply", deal, "--as", "lena-fischer", "--note", "We do").code == 0
    assert shop.shows(deal) == "needs-sign-off"
    assert shop.run("signoff", "wait", deal, "--as", "anna-bos").code == 0
    assert shop.run("signoff", "go-on", deal, "--as", "anna-bos").code == 0
    assert shop.run("signoff", "wait", deal, "--as", "lena-fischer").code == 1
    assert shop.run("signoff", "withdraw", deal, "--as", "lena-fischer").code == 0
    assert shop.run("signoff", "list").out == "0 open.\n"
    assert shop.run("signoff", "ask", deal, "--as", "anna-bos").code == 2


def test_a_condition_is_an_exception_until_it_is_met(shop: Shop) -> None:
    deal = shop.asked()
    note = "Condition: customer delivers data by 2031-02-15"
    assert shop.run("signoff", "approve", deal, "--as", "anna-bos", "--note", note).code == 0
    assert shop.shows(deal) == "exception"
    assert shop.run("signoff", "met", deal, "--as", "anna-bos").code == 0
    assert shop.shows(deal) == "ready"
