"""`capacity import|show|export`, and what becomes of the deals."""

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connector.store import Store
from tests.cli.replay import replayed
from tests.cli.shop import COMPANY, MIA, Shop


def today() -> date:
    """Return the company's own day."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


START = today() + timedelta(days=28 - today().weekday())  # a Monday
BUSY = "commitment,data-engineer,,{},{},70,,,Globex roll-out\n"
HEAD = "kind,role,who,from,until,hours,days,deal,note\n"
SUPPLY = "supply,data-engineer,Sam,2026-01-01,,40,,,\nsupply,data-engineer,Kim,2026-01-01,,40,,,\n"


def said(day: date) -> str:
    return f"{day.day} {day:%B}" + ("" if day.year == today().year else f" {day.year}")


@pytest.fixture
def plans(shop: Shop) -> Shop:
    """A shop whose policy looks at capacity before Contract: a Data Platform takes 120 hours in 3 weeks."""
    text = COMPANY.read_text()
    effort = 'list-price: "24,000", effort: {data-engineer: {hours: 120, weeks: 3}}'
    text = text.replace('list-price: "24,000"', effort, 1)
    text = text.replace(
        "type: date, rep-may-change: true, change: notify", "type: date, rep-may-change: true, worse: lower"
    )
    text = text.replace(
        "checklists:\n  contract:\n",
        "checklists:\n  contract:\n    - capacity: {start: start-date, goes-to: operations}\n",
    )
    (shop.folder / "plans.yaml").write_text(text)
    shop.environ["DEALGATE_POLICY"] = str(shop.folder / "plans.yaml")
    assert shop.run("policy", "publish", "--author", "Ada", "--yes").code == 0
    return shop


def write(shop: Shop, *rows: str, name: str = "plan.csv") -> Path:
    path = shop.folder / name
    path.write_text(HEAD + "".join(rows))
    return path


def full(shop: Shop) -> Path:
    """A plan in which Sam and Kim are busy for the two weeks from the start on."""
    return write(shop, SUPPLY, BUSY.format(START, START + timedelta(days=11)))


def test_a_sheet_with_faults_imports_nothing_and_names_them_all(plans: Shop) -> None:
    path = write(plans, "suply,trainer,,2026-01-01,,40,,,\n", "supply,,,x,,-1,,,\n", name="bad.csv")
    ran = plans.run("capacity", "import", str(path))
    ran.refused(
        "bad.csv:2: kind", "Did you mean supply?", "bad.csv:3: role", "bad.csv:3: from", "bad.csv:3: hours"
    )
    ran.refused("4 problems. Nothing is imported; the plan is as it was.")
    assert len(plans.run("capacity", "import", str(path), "--json").json["problems"]) == 4
    plans.run("capacity", "show").refused("No capacity plan is imported.", "dealgate capacity import")
    plans.run("capacity", "export").refused("No capacity plan is imported.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "none.csv"), ("none.csv: The plan cannot be read: No such file or directory.",)),
        (("import", "plan.csv", "--as-of", "soon"), ("--as-of: 'soon' is no day.", "2026-03-16")),
        (("import", "dated.csv", "--as-of", "2026-11-10"),
         ("Its as-of row says 1 November 2026, and --as-of says 10 November 2026.", "Leave one of them out")),
        (("import", "plan.csv", "--as-of", "2099-01-01"), ("is of 1 January 2099, which is still to come",)),
        (("show", "--weeks", "0"), ("--weeks",)),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_words(
    plans: Shop, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    write(plans, SUPPLY)
    write(plans, SUPPLY, "as-of,,,2026-11-01,,,,,\n", name="dated.csv")
    plans.run("capacity", *arguments).refused(*words)


def test_a_plan_is_imported_shown_and_written_out(plans: Shop) -> None:
    ran = plans.run("capacity", "import", str(full(plans)), "--as-of", f"{today() - timedelta(days=1)}")
    assert ran.code == 0, ran
    assert "rows 2 of supply, 0 of leave, 1 of commitments." in ran.out
    shown = plans.run("capacity", "show", "--weeks", "6")
    assert f"Capacity as of {said(today() - timedelta(days=1))}" in shown.out.replace(f" {today().year}", "")
    assert "1 day old" in shown.out
    told = plans.run("capacity", "show", "--weeks", "6", "--json").json
    at = told["weeks"].index(f"{START.isocalendar().year}-W{START.isocalendar().week:02}")
    assert told["roles"]["data-engineer"]["supply"][at] == 80
    assert told["roles"]["data-engineer"]["free"][at] == 10
    rows = list(csv.DictReader(io.StringIO(plans.run("capacity", "export").out)))
    assert [row["kind"] for row in rows] == ["as-of", "supply", "supply", "commitment"]
    assert rows[-1]["note"] == "Globex roll-out"


def test_a_plan_may_be_there_before_the_policy_asks_for_it(shop: Shop) -> None:
    ran = shop.run("capacity", "import", str(write(shop, SUPPLY)))
    assert (ran.code, "No deal takes hours of it yet" in ran.out) == (0, True)
    assert shop.run("capacity", "show", "--json").json["roles"]["data-engineer"]["supply"][5] == 80


def test_roles_that_do_not_meet_are_pointed_out(plans: Shop) -> None:
    path = write(
        plans, "supply,data-enginer,Sam,2026-01-01,,40,,,\n", "commitment,pilot,,2026-01-01,2026-01-02,8,,,\n"
    )
    told = plans.run("capacity", "import", str(path), "--json").json
    assert told["notes"] == [
        "data-engineer has no supply, but the offering needs it. Did you mean data-enginer?",
        "pilot has commitments but no supply.",
        "no product needs data-enginer. Did you mean data-engineer?",
    ]
    near = "effort.data-engineer: the capacity plan has no supply of it. Did you mean data-enginer?"
    assert near in plans.run("policy", "check", "--live").out
    symptoms = plans.run("doctor", "--json").json["symptoms"]
    assert [near in one["message"] for one in symptoms if one["name"] == "capacity" and not one["well"]] == [
        True
    ]


def test_only_deals_whose_answer_changes_are_looked_at_again_and_nobody_is_disturbed(plans: Shop) -> None:
    plans.run("capacity", "import", str(write(plans, SUPPLY)))
    soon = plans.sell(by=MIA, start_date=f"{START}")
    late = plans.sell(by=MIA, start_date=f"{START + timedelta(weeks=8)}")
    plans.run("sweep")
    assert plans.shows(soon) == plans.shows(late) == "ready"
    ran = plans.run("capacity", "import", str(full(plans)))
    assert "1 deal of 2 gets another answer at the promised start" in ran.out
    plans.run("sweep")
    later = START + timedelta(weeks=2)
    assert plans.shows(late) == "ready"
    assert plans.shows(soon) == "needs-sign-off"
    assert plans.shows(soon, "ops_readiness_reason").startswith("Contract: data engineers are full in week")
    assert plans.shows(soon, "ops_readiness_reason").endswith(
        f"From {said(later)} it fits: set Start date to {said(later)}, or ask Anna Bos for an earlier slot."
    )
    assert not plans.open_tasks(soon)
    again = plans.run("capacity", "import", str(full(plans)))
    again.told("No deal gets another answer at the promised start.")


def test_a_new_deal_under_a_stale_plan_waits_for_the_next_one_with_its_stages_shut(plans: Shop) -> None:
    """It had neither badge nor closed stages, and in Salesforce it walked through every gate."""
    old = today() - timedelta(days=30)
    plans.run("capacity", "import", str(write(plans, SUPPLY)), "--as-of", f"{old}")
    deal = plans.sell(by=MIA, start_date=f"{START}")
    plans.run("sweep")
    assert plans.shows(deal) == ""
    reason = plans.shows(deal, "ops_readiness_reason")
    assert reason == "Contract: not checked yet, for our own source does not answer. Nothing for you to do."
    assert plans.shows(deal, "ops_blocked_stages") == ";contract;closedwon;"
    writes = plans.crm.calls["POST objects/deals/batch/update"]
    plans.by(MIA).update(deal, {"number_of_users": "31"})
    plans.run("sweep")
    assert plans.crm.calls["POST objects/deals/batch/update"] == writes
    plans.run("capacity", "import", str(write(plans, SUPPLY)))
    plans.run("sweep")
    assert plans.shows(deal) == "ready"


def test_a_rep_who_goes_on_is_waiting_for_operations_and_only_the_mail_names_who_is_in_the_way(
    plans: Shop,
) -> None:
    plans.run("capacity", "import", str(full(plans)))
    deal = plans.sell(by=MIA, start_date=f"{START}")
    mail = plans.run("sweep").err
    reason = plans.shows(deal, "ops_readiness_reason")
    assert reason.startswith("Contract: waiting for Anna Bos (Operations) until")
    assert "because data engineers are full in week" in reason
    assert "Globex" not in reason
    (task,) = (one for one in plans.open_tasks(deal) if one["hs_task_subject"].startswith("Decide"))
    assert "Pushed by Globex roll-out (planned, 140 h)." in mail
    assert "Globex" not in task["hs_task_body"]  # reps may read it (ADR 240)
    assert plans.run("signoff", "approve", deal, "--as", "anna-bos").code == 0
    assert plans.shows(deal) == "ready"
    plans.by(MIA).update(deal, {"start_date": f"{START - timedelta(weeks=1)}"})
    plans.run("sweep")
    assert plans.shows(deal) == "needs-sign-off"


def test_a_deal_that_cleared_holds_its_hours_until_it_is_lost(plans: Shop) -> None:
    plans.run("capacity", "import", str(write(plans, SUPPLY)))
    first, second, third = (plans.sell(by=MIA, start_date=f"{START}") for _ in range(3))
    plans.run("sweep")
    for deal in (first, second, third):
        plans.by(MIA).move(deal, "contract")
    plans.run("sweep")
    assert plans.shows(third) == "needs-sign-off"  # in one batch with the others, and too late
    assert plans.crm.deal(third)["dealstage"] == "proposal"
    assert plans.run("capacity", "show", "--json").json["deals"] == {"open": 1, "held": 2, "won": 0}
    with_store = Store.open(plans.environ["DATABASE_URL"])
    promise = with_store.standings.of("hubspot", [first])[first].clearances["contract"].promise
    with_store.close()
    assert promise is not None
    assert (promise.start, promise.effort) == (START, {"data-engineer": 120})
    plans.by(MIA).move(first, "closedlost")
    plans.by(MIA).update(third, {"number_of_users": "12"})
    plans.run("sweep")
    assert plans.shows(third) == "ready"
    assert plans.run("capacity", "show", "--json").json["deals"] == {"open": 1, "held": 1, "won": 0}


def test_without_a_plan_the_last_answer_stays(plans: Shop) -> None:
    deal = plans.sell(by=MIA, start_date=f"{START}")
    plans.run("sweep")
    assert plans.shows(deal) == ""
    plans.run("doctor").told("capacity", "no plan is imported")
    assert plans.run("capacity", "import", str(write(plans, SUPPLY))).code == 0
    plans.run("sweep")
    assert plans.shows(deal) == "ready"
    stale = plans.run("capacity", "import", str(full(plans)), "--as-of", f"{today() - timedelta(days=30)}")
    assert "the last answers stay" in stale.err
    assert plans.run("capacity", "show", "--json").json["stale"] is True
    assert "It may be 7 days old" in plans.run("capacity", "show").err
    plans.run("doctor").told(f"plan as of {today() - timedelta(days=30)}, 30 days old")
    plans.by(MIA).update(deal, {"number_of_users": "11"})
    plans.run("sweep")
    assert plans.shows(deal) == "ready"


def test_every_verdict_is_made_again_as_it_was_though_the_plan_is_another_by_now(plans: Shop) -> None:
    """Somebody away, deals that are full, that fit, that name no start and that hold their hours among them."""
    assert plans.run("capacity", "import", str(full(plans))).code == 0
    assert plans.run("away", "anna-bos", "--until", f"{today()}").code == 0
    starts = (START, START + timedelta(days=14), START + timedelta(days=60), None)
    sold = [plans.sell(off, start_date=f"{start or ''}") for start in starts for off in (0, 18)]
    sold += [plans.sell(0, start_date=f"{START + timedelta(days=14)}", stage="contract")]
    assert plans.run("sweep").code == 0
    assert plans.run("capacity", "import", str(write(plans, SUPPLY, name="later.csv"))).code == 0
    made = replayed(plans)
    assert set(sold) <= set(made)
    codes = {one.code for verdict in made.values() for gate in verdict.gates for one in gate.findings}
    assert {"fits", "full", "start-missing"} <= codes
    assert any(verdict.levers for verdict in made.values())


def test_a_draft_is_previewed_with_what_every_deal_would_take_under_it(plans: Shop) -> None:
    """Three deals of 40 hours a week fit into 160; were each 60, the third would not."""
    four = "".join(f"supply,data-engineer,Person {one},2026-01-01,,40,,,\n" for one in range(4))
    assert plans.run("capacity", "import", str(write(plans, four))).code == 0
    for _ in range(2):
        plans.by(MIA).move(plans.sell(by=MIA, start_date=f"{START}"), "contract")
    third = plans.sell(by=MIA, start_date=f"{START}")
    assert plans.run("sweep").code == 0
    text = Path(plans.environ["DEALGATE_POLICY"]).read_text()
    (plans.folder / "more.yaml").write_text(text.replace("hours: 120", "hours: 180"))
    ran = plans.run("policy", "diff", "live", "more.yaml")
    ran.told("offering products DP-CORE effort data-engineer hours: 120 -> 180")
    ran.told("Data Platform Core, start date in 7 days, free then: 40 h of data engineers")
    ran.told(f"Acme ({third}), contract: nobody is needed -> Operations signs")


def test_a_draft_that_looks_at_capacity_for_the_first_time_counts_every_deal(plans: Shop) -> None:
    before = plans.folder / "before.yaml"
    before.write_text(
        Path(plans.environ["DEALGATE_POLICY"])
        .read_text()
        .replace("    - capacity: {start: start-date, goes-to: operations}\n", "")
    )
    assert plans.run("policy", "publish", str(before), "--author", "Ada", "--yes").code == 0
    plans.run("capacity", "import", str(write(plans, SUPPLY)))
    won = [plans.sell(by=MIA, start_date=f"{START}") for _ in range(2)]
    for deal in won:
        plans.by(MIA).move(deal, "closedwon")
    late = plans.sell(by=MIA, start_date=f"{START}")
    assert plans.run("sweep").code == 0
    told = plans.run("policy", "diff", "live", "plans.yaml", "--json").json["deals"]
    assert [one["deal"] for one in told["examples"]] == [late]
    assert told["examples"][0]["now"] == "Operations signs"


def test_the_chance_of_a_stage_counts_as_what_it_is(plans: Shop) -> None:
    """HubSpot keeps 50 % as 0.5, and took half a percent for the forecast."""
    path = Path(plans.environ["DEALGATE_POLICY"])
    text = path.read_text()
    text = text.replace("goes-to: operations}", "goes-to: operations, win-chance: win-chance}")
    chance = "  win-chance: {hubspot: hs_deal_stage_probability, type: percent, change: ignore}\n"
    path.write_text(text.replace("fields:\n", f"fields:\n{chance}", 1))
    assert plans.run("policy", "publish", "--author", "Ada", "--yes").code == 0
    plans.run("capacity", "import", str(write(plans, SUPPLY)))
    plans.sell(by=MIA, start_date=f"{START}")
    assert plans.run("sweep").code == 0
    told = plans.run("capacity", "show", "--json").json
    at = told["weeks"].index(f"{START.isocalendar().year}-W{START.isocalendar().week:02}")
    rows = told["roles"]["data-engineer"]
    assert (rows["free"][at], rows["forecast"][at], rows["if all won"][at]) == (80, 60, 40)


def test_with_an_old_plan_it_is_nobody_s_turn(plans: Shop) -> None:
    plans.run("capacity", "import", str(write(plans, SUPPLY)))
    deal = plans.sell(by=MIA, start_date=f"{START}")
    assert plans.run("sweep").code == 0
    assert plans.run("capacity", "import", str(write(plans, SUPPLY)), "--as-of", "2026-01-01").code == 0
    ran = plans.run("assess", "--deal", deal)
    ran.told("the last answer stays. Nothing for you to do.", "Contract: Not known at the moment")
    assert "Your turn" not in ran.out
    assert plans.shows(deal) == "ready"


def test_a_backtest_says_that_no_plan_of_those_days_is_known(plans: Shop) -> None:
    deal = plans.sell(by=MIA, start_date=f"{START}")
    plans.by(MIA).move(deal, "contract")
    ran = plans.run("policy", "backtest", "plans.yaml", "--assume-today")
    ran.told("1 of 1 crossings", "Capacity is not looked at: there is no plan of that day.")


def test_the_deals_of_a_file_are_held_against_the_account_s_plan(plans: Shop) -> None:
    """`policy diff --deals FILE.csv` left the plan out."""
    (plans.folder / "deals.csv").write_text(
        "deal,pipeline,owner,products,start-date,delivery-address,number-of-users\n"
        f"4711,Sales Pipeline,lena-fischer,1 x DP-CORE at 24000,{START},Kade 1,30\n"
    )
    text = Path(plans.environ["DEALGATE_POLICY"]).read_text()
    (plans.folder / "less.yaml").write_text(text.replace("hours: 120", "hours: 20"))
    compare = ("less.yaml", "--deals", "deals.csv")
    blind = plans.run("policy", "diff", "live", *compare)
    blind.told("0 of 1 deal would", "Capacity is not looked at: no plan is known here.")
    plans.run("capacity", "import", str(full(plans)))
    seen = plans.run("policy", "diff", "live", *compare)
    seen.told("1 of 1 deal would get another answer.", "Operations signs -> nobody is needed")
    assert "Capacity is not looked at" not in seen.out
    plans.run("policy", "diff", "plans.yaml", *compare).told(
        "Capacity is not looked at: no plan is known here."
    )
