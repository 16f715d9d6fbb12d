"""`policy publish`, `rollback`, `versions` and `diff` as an operations manager meets them."""

from datetime import timedelta
from pathlib import Path

import pytest

from connector.app import App, utc_now
from connector.settings import read_settings
from connector.worker.clock import tick
from tests.cli.shop import COMPANY, LENA, Shop, run

LOOSER = {'"<= 10%", decides: sales': '"<= 12%", decides: sales', '"(10%..20%]"': '"(12%..20%]"'}
STRICTER = {'"<= 10%", decides: sales': '"<= 4%", decides: sales', '"(10%..20%]"': '"(4%..20%]"'}

EXAMPLE = """
examples:
  - id: small-deal
    gate: contract
    deal: {delivery-address: Kade 1, number-of-users: 10}
    lines: [{product: DP-CORE}]
    expect: blocked
"""


def draft(folder: Path, changes: dict[str, str], name: str = "draft.yaml") -> str:
    text = COMPANY.read_text()
    for was, now in changes.items():
        assert was in text
        text = text.replace(was, now)
    path = folder / name
    path.write_text(text)
    return str(path)


def publish(shop: Shop, path: str, *more: str) -> None:
    ran = shop.run("policy", "publish", path, "--author", "Ada", "--yes", *more)
    assert ran.code == 0, ran


def ledger(shop: Shop, kind: str) -> list[str]:
    with App.build(read_settings(shop.environ, shop.folder)) as app:
        return [
            one.body for one in app.store.ledger.since(app.desk().account, kind, utc_now() - timedelta(1))
        ]


def test_publishing_shows_first_which_deals_get_another_answer(shop: Shop) -> None:
    shop.asked(18)
    shop.asked(11)
    shop.sell(5)
    assert shop.run("sweep").code == 0
    before = sum(shop.crm.calls.values())
    ran = shop.run("policy", "publish", draft(shop.folder, LOOSER), "--author", "Ada", given="n\n")
    assert ran.code == 0
    for said in (
        "row small, discount: <= 10% -> <= 12% (looser)",
        "1 of 3 deals would get another answer",
        "1 question to Operations would be taken back",
        "Operations signs -> nobody is needed",
        "Publish it?",
    ):
        assert said in ran.out + ran.err, ran.out
    assert "is live" not in ran.out
    assert sum(shop.crm.calls.values()) - before <= 4  # pipelines and people: the deals come from our record
    assert shop.run("policy", "versions", "--json").json["versions"][0]["author"] == "the policy file"


def test_a_draft_that_looks_at_a_new_field_reads_the_deals(shop: Shop) -> None:
    shop.asked(18)
    wider = draft(shop.folder, {"fields: [delivery-address, number-of-users]": "fields: [poc-date]",
                                "fields:\n  amount": "fields:\n  poc-date: {hubspot: closedate, type: date}\n  amount"})  # fmt: skip
    text = (
        Path(wider).read_text().replace("hubspot: closedate, type: date", "hubspot: description, type: text")
    )
    Path(wider).write_text(text)
    told = shop.run("policy", "publish", wider, "--author", "Ada", "--json").json
    assert told["new"] is False
    assert told["preview"]["changed"] == 1
    assert told["preview"]["examples"][0]["now"] == "held: poc date not known"


def test_loosened_limits_are_named_in_the_ledger(shop: Shop) -> None:
    shop.asked(18)
    publish(shop, draft(shop.folder, LOOSER), "--note", "Q4")
    body = ledger(shop, "policy")[-1]
    assert "<= 10% -> <= 12% (looser)" in body
    assert "nobody is needed" in body
    assert "Ada" not in body  # who it was can be erased


def test_a_planned_publication_waits_for_its_time(shop: Shop) -> None:
    path = draft(shop.folder, LOOSER)
    publish(shop, path, "--at", "2031-01-01T08:00")
    first, *rest = shop.run("policy", "versions", "--json").json["versions"]
    assert (first["state"], rest[0]["state"]) == ("planned", "live")
    assert first["at"].startswith("2031-01-01T07:00")  # eight in Amsterdam
    ahead = [timedelta()]
    with App.build(read_settings(shop.environ, shop.folder), clock=lambda: utc_now() + ahead[0]) as app:
        app.start()
        desk = app.desk()
        tick(desk)
        assert desk.store.policies.live(desk.account).version != first["version"]
        ahead[0] = timedelta(days=366 * 5)
        tick(desk)
        assert desk.store.policies.live(desk.account).version == first["version"]
        assert not desk.store.policies.planned(desk.account)


def test_a_version_that_is_planned_again_has_the_later_word(shop: Shop) -> None:
    path = draft(shop.folder, LOOSER)
    publish(shop, path, "--at", "2031-01-01T08:00")
    again = shop.run("policy", "publish", path, "--author", "Ada", "--yes", "--at", "2031-02-01T08:00")
    again.told("01 February 2031 at 08:00 (Europe/Amsterdam)", "planned for 01 January 2031", "called off")
    (planned, live) = shop.run("policy", "versions", "--json").json["versions"]
    assert planned["at"].startswith("2031-02-01T07:00")
    assert shop.run("policy", "publish", path, "--author", "Ada", "--yes").code == 0
    assert next(one["state"] for one in shop.run("policy", "versions", "--json").json["versions"]) == "live"
    shop.run("policy", "versions", "--call-off", live["version"][:2]).refused("planned", "at least 4")


def test_a_planned_publication_can_be_called_off(shop: Shop) -> None:
    publish(shop, draft(shop.folder, LOOSER), "--at", "2031-01-01T08:00+01:00")
    version = shop.run("policy", "versions", "--json").json["versions"][0]["version"]
    assert shop.run("policy", "versions", "--call-off", version[:8]).code == 0
    assert [one["state"] for one in shop.run("policy", "versions", "--json").json["versions"]] == ["live"]
    shop.run("policy", "versions", "--call-off", version[:8]).refused("No publication", version[:8])


@pytest.mark.parametrize(("at", "said"), [("tomorrow", "is no time"), ("2020-01-01T08:00", "is over")])
def test_a_time_that_cannot_be(shop: Shop, at: str, said: str) -> None:
    shop.run("policy", "publish", "--author", "Ada", "--at", at).refused("--at", said)


def test_a_rollback_takes_back_what_the_bad_version_asked_and_lists_its_moves_back(shop: Shop) -> None:
    old = shop.asked(18)
    publish(shop, draft(shop.folder, STRICTER))
    new, moved = shop.sell(6), shop.sell(7)
    assert shop.run("sweep").code == 0
    shop.by(LENA).move(moved, "contract")
    assert shop.run("sweep").code == 0
    assert shop.shows(new) == shop.shows(moved) == "needs-sign-off"
    assert shop.crm.deal(moved)["dealstage"] == "proposal"
    publish(shop, draft(shop.folder, LOOSER), "--at", "2031-01-01T08:00")
    asked = shop.run("policy", "rollback", "--author", "Ada", given="n\n")
    for said in ("<= 4% -> <= 10% (looser)", "2 of 3 deals would get another answer", "Nothing is changed."):
        assert said in asked.out
    ran = shop.run("policy", "rollback", "--author", "Ada", "--note", "Too strict", "--yes", "--json")
    assert ran.code == 0, ran
    told = ran.json
    assert {one["deal"] for one in told["withdrawn"]} == {new, moved}
    assert len(told["planned"]) == 1
    assert [(one["deal"], one["from"], one["to"]) for one in told["move_backs"]] == [
        (moved, "contract", "proposal")
    ]
    assert not [task for task in shop.open_tasks(new) if task["hs_task_subject"].startswith("Decide")]
    assert shop.open_tasks(old)
    assert shop.shows(new) == "ready"
    states = [
        (one["state"], one["version"]) for one in shop.run("policy", "versions", "--json").json["versions"]
    ]
    assert [state for state, _ in states] == ["planned", "live", "published", "published"]
    assert states[1][1] == states[3][1]
    assert "rolled-back" in ledger(shop, "policy")[-1]
    shop.run("policy", "rollback", "--author", "Ada", "--yes").told("1 question", "No deal was moved back")


def test_a_rollback_that_cannot_be(shop: Shop) -> None:
    shop.run("policy", "rollback", "--author", "Ada").refused("no version before")
    shop.run("policy", "rollback", "abcd", "--author", "Ada").refused("'abcd'", "policy versions")
    live = shop.run("policy", "versions", "--json").json["versions"][0]["version"]
    shop.run("policy", "rollback", live, "--author", "Ada").refused("live already")


def test_two_files_are_compared_without_an_account(tmp_path: Path) -> None:
    path = draft(tmp_path, LOOSER)
    ran = run("policy", "diff", str(COMPANY), path, folder=tmp_path, environ={})
    assert ran.code == 1
    assert "authority commercial, row small, discount: <= 10% -> <= 12% (looser)" in ran.out
    assert "looser: discount" in ran.out
    same = run("policy", "diff", path, path, folder=tmp_path, environ={})
    assert (same.code, same.out) == (0, "They decide the same.\n")


DEALS = """\
deal,name,pipeline,discount,delivery-address,number-of-users,start-date,products
7,Acme,Sales Pipeline,11,Kade 1,5,2029-01-01,2 x DP-CORE
8,Blue,,3,Kade 1,5,2029-01-01,
9,Coal,Sales Pipeline,?,Kade 1,5,2029-01-01,1 x DP-CORE at 900
"""


def test_the_deals_of_a_file_that_get_another_answer_are_named(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS)
    path = draft(tmp_path, LOOSER)
    compare = ("policy", "diff", str(COMPANY), path, "--deals")
    told = run(*compare, "deals.csv", "--json", folder=tmp_path, environ={}).json["deals"]
    assert [(one["deal"], one["gate"]) for one in told["examples"]] == [("7", "contract"), ("7", "closing")]
    assert told["examples"][0]["now"] == "nobody is needed"
    assert (told["deals"], told["unsure"]) == (2, 1)
    (tmp_path / "odd.csv").write_text(DEALS.replace("Sales Pipeline", "Nowhere"))
    refused = run(*compare, "odd.csv", folder=tmp_path, environ={})
    refused.refused("odd.csv:2", "Nowhere", "Sales Pipeline, Renewals")
    run(*compare, "none.csv", folder=tmp_path, environ={}).refused("none.csv", "No such file")
    run(*compare, "deals.txt", folder=tmp_path, environ={}).refused("deals.txt", "FILE.csv")


def test_the_live_version_is_compared_on_the_account_s_own_deals(shop: Shop) -> None:
    shop.asked(11)
    told = shop.run("policy", "diff", "live", draft(shop.folder, LOOSER), "--json").json
    assert told["deals"]["changed"] == 1
    version = shop.run("policy", "versions", "--json").json["versions"][0]["version"]
    assert told["before"] == version
    by_hash = shop.run("policy", "diff", version[:8], draft(shop.folder, LOOSER), "--json").json
    assert by_hash["changes"] == told["changes"]
    shop.run("policy", "diff", "live", "nothing.yaml").refused("nothing.yaml", "No such file")
    shop.run("policy", "diff", "live", "0000").refused("'0000'", "policy versions")


def test_a_policy_whose_example_comes_out_otherwise_is_not_published(shop: Shop) -> None:
    path = shop.folder / "wrong.yaml"
    path.write_text(COMPANY.read_text() + EXAMPLE)
    shop.run("policy", "publish", str(path), "--author", "Ada", "--yes").refused("wrong.yaml:", "small-deal")


def test_deals_that_a_gate_holds_are_counted_where_its_mode_changes_now_or_on_a_planned_day(
    shop: Shop,
) -> None:
    shop.asked(18)
    shop.asked(25)
    shop.sell(5)
    assert shop.run("sweep").code == 0
    contract = "stage: Contract, mode: block, move-back: true"
    flag = draft(shop.folder, {contract: "stage: Contract, mode: flag"})
    ran = shop.run("policy", "publish", flag, "--author", "Ada", given="n\n")
    ran.told("contract, mode: block -> flag (looser)", "contract: 2 held deals: block -> flag\n")
    later = draft(
        shop.folder, {contract: f"{contract}, switch: {{mode: flag, on: 2031-01-01}}"}, "later.yaml"
    )
    ran = shop.run("policy", "publish", later, "--author", "Ada", given="n\n")
    ran.told("gate contract, switch: added: 2031-01-01 flag (looser)")
    ran.told("0 of 3 deals", "contract: 2 held deals: block -> flag from 1 January 2031\n")
    (told,) = shop.run("policy", "diff", "live", later, "--json").json["deals"]["modes"]
    assert told == {"gate": "contract", "was": "block", "now": "flag", "on": "2031-01-01", "deals": 2}


def test_a_new_list_price_opens_no_gate_that_was_passed_until_the_deal_itself_changes(shop: Shop) -> None:
    """A decision keeps the version that it was made under (design 1.10)."""
    passed = shop.sell(8)
    shop.by(LENA).move(passed, "contract")
    ahead = shop.sell(8)
    assert shop.run("sweep").code == 0
    publish(shop, draft(shop.folder, {'list-price: "24,000"': 'list-price: "27,000"'}))
    assert shop.run("sweep").code == 0

    def contract(deal: str) -> str:
        gates = shop.run("assess", "--deal", deal, "--json").json["gates"]
        return next(one["readiness"] for one in gates if one["gate"] == "contract")

    assert (contract(passed), contract(ahead)) == ("ready", "needs-sign-off")
    shop.by(LENA).update(passed, {"amount": "21000"})
    assert shop.run("sweep").code == 0
    assert contract(passed) == "needs-sign-off"


def test_a_column_that_is_no_word_of_the_policy_is_named(shop: Shop) -> None:
    (shop.folder / "deals.csv").write_text("deal,discont,colour\n1,11%,red\n")
    ran = shop.run("policy", "diff", str(COMPANY), draft(shop.folder, LOOSER), "--deals", "deals.csv")
    ran.told("deals.csv:1: left out, since no word of the policy: discont (did you mean discount?), colour.")
