"""`policy rollback` after a bad version that really asked, moved back and lost a gate."""

from tests.cli.shop import LENA, Shop
from tests.cli.test_versions import LOOSER, STRICTER, draft, publish

CONTRACT = "{id: contract, pipeline: Sales Pipeline, stage: Contract, mode: block, move-back: true,\n     checklist: contract, authority: [commercial]}"


def back(shop: Shop, *more: str) -> str:
    ran = shop.run("policy", "rollback", *more, "--author", "Ada", "--yes")
    assert ran.code == 0, ran
    return ran.out


def test_what_was_asked_answered_and_moved_is_named_as_people_know_it(shop: Shop) -> None:
    publish(shop, draft(shop.folder, STRICTER))
    asked, moved, refused = shop.sell(6), shop.sell(7), shop.sell(8)
    assert shop.run("sweep").code == 0
    shop.by(LENA).move(moved, "contract")
    assert shop.run("sweep").code == 0
    assert shop.run("signoff", "reject", refused, "--as", "anna-bos", "--note", "Too cheap").code == 0
    said = back(shop)
    for words in (
        f"2 questions taken back:\n  Acme ({asked}), contract: Anna Bos\n  Acme ({moved}), contract: Anna Bos\n",
        f"1 answer stays on record:\n  Acme ({refused}), contract: no by Anna Bos\n",
        f"  Acme ({moved}), Lena Fischer: Contract -> Proposal, ",
    ):
        assert words in said, said


def test_the_rep_s_notice_of_a_move_back_is_closed_when_the_rule_is_gone(shop: Shop) -> None:
    publish(shop, draft(shop.folder, STRICTER))
    moved = shop.sell(7)
    shop.by(LENA).move(moved, "contract")
    assert shop.run("sweep").code == 0
    assert {task["hs_task_subject"] for task in shop.open_tasks(moved)} >= {"Acme: back in Proposal"}
    back(shop)
    assert shop.open_tasks(moved) == []
    assert shop.shows(moved) == "ready"


def test_going_back_over_several_versions_takes_back_what_each_of_them_asked(shop: Shop) -> None:
    good = shop.run("policy", "versions", "--json").json["versions"][0]["version"]
    publish(shop, draft(shop.folder, STRICTER))
    first = shop.asked(6)
    publish(shop, draft(shop.folder, {**STRICTER, "answer-hours: 8": "answer-hours: 4"}, "worse.yaml"))
    second = shop.asked(7)
    said = back(shop, good[:8])
    assert f"Acme ({first}), contract" in said
    assert f"Acme ({second}), contract" in said
    assert shop.shows(first) == shop.shows(second) == "ready"


def test_a_gate_that_a_bad_version_lost_is_not_new_when_it_comes_back(shop: Shop) -> None:
    """Else whatever stood behind it would count as from before the gate."""
    publish(shop, draft(shop.folder, {"mode: block, move-back: true": "mode: block"}, "stays.yaml"))
    owing = shop.sell(18, stage="contract")
    assert shop.run("sweep").code == 0
    assert shop.shows(owing) == "needs-sign-off"
    lost = CONTRACT.replace(", move-back: true", "")
    bare = {"mode: block, move-back: true": "mode: block", f"  - {lost}\n": ""}
    publish(shop, draft(shop.folder, bare, "lost.yaml"))
    assert shop.run("sweep").code == 0
    assert shop.run("assess", "--deal", owing, "--json").json["gates"][0]["gate"] == "closing"
    back(shop)
    assert shop.run("sweep").code == 0
    assert shop.shows(owing) == "needs-sign-off"
    assert "Contract" in shop.shows(owing, "ops_readiness_reason")


def test_a_rollback_of_a_looser_version_asks_nobody_by_itself(shop: Shop) -> None:
    publish(shop, draft(shop.folder, LOOSER))
    deal = shop.sell(11)
    assert shop.run("sweep").code == 0
    assert shop.shows(deal) == "ready"
    assert "0 questions taken back." in back(shop)
    assert shop.shows(deal) == "needs-sign-off"
    assert shop.open_tasks(deal) == []
