"""What machines read of a verdict, key by key: the tree, the panel, the rules as nodes, what a rep may change."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from connector import explain
from connector.explain.viewer import Viewer, changeable, may, operations
from connector.policy.model import Mode, Ruling
from connector.standing import SignoffState, Standing
from connector.verdicts import Readiness
from tests.core.test_asking import asked_about
from tests.core.test_in_words import case_with, lived
from tests.core.world import FIELDS, NOW, USERS, Life, answer, deal, gate, line, matrix, policy, request, row

DATA = {
    "check": "required-data", "code": "filled", "outcome": "pass",
    "rep": "Filled in: delivery address, number of users.",
    "ops": "Filled in: delivery address, number of users.", "missing": [],
    "seen": {"delivery_address": "Kade 1, Utrecht", "number_of_users": "30"}, "where": "",
}  # fmt: skip
PRICE = {
    "check": "deviations", "code": "discount", "outcome": "pass", "rep": "25 % discount against list price.",
    "ops": "25 % under list price, worth EUR 12,000.", "missing": [], "seen": {"discount": "25 %"}, "where": "",
}  # fmt: skip
LARGE = {
    "matrix": "discounts", "row": "large", "ruling": "sign-off", "role": "founder",
    "why": "25 % discount is over your 10 %", "seen": {"discount": "25"}, "where": "policy.yaml:large",
}  # fmt: skip
STANDARD = {
    "matrix": "strangers", "row": "standard", "ruling": "sales-decides", "role": None,
    "why": "products not offered <= 0", "seen": {"not_offered": "0"}, "where": "policy.yaml:standard",
}  # fmt: skip
WAITS = (
    "Contract: waiting for Ruth Klein (Founder) until Wed 14:00, because 25 % discount is over your 10 %. At 10 % or"
    " less you need nobody."
)


def plain(told: object) -> Any:
    """Return what a machine gets."""
    return json.loads(json.dumps(told))


def asked() -> Life:
    """Mia's deal at 25 %, which the founder has to sign."""
    return asked_about(25)


def tree(life: Life) -> Any:
    assert life.verdict is not None
    return plain(explain.tree(life.verdict))


def test_the_tree_of_a_deal_that_waits() -> None:
    told = tree(asked())
    assert told.pop("fingerprint")
    assert told.pop("gates") == [
        {
            "gate": "contract", "stage": "contract", "label": "Contract", "mode": "block", "owed": False,
            "clear": False, "why_clear": "", "readiness": "needs-sign-off", "findings": [DATA, PRICE],
            "needs": [LARGE, STANDARD], "waiting": ["discounts:large"], "nobody": [],
        }
    ]  # fmt: skip
    assert told.pop("signoffs") == [
        {
            "gate": "contract", "role": "founder", "cycle": 1, "state": "requested", "asked": ["ruth"],
            "due_at": "2026-11-25T13:00:00+00:00", "decided_by": None, "decided_at": None, "envelope": [],
            "valid_until": None, "note": "",
        }
    ]  # fmt: skip
    assert told == {
        "deal": "7", "at": "2026-11-24T13:00:00+00:00", "policy": "v1", "readiness": "needs-sign-off",
        "badge": "Waiting for sign-off", "gate": "contract", "sentence": WAITS, "assessed": True,
        "blocked_stages": ["contract", "closedwon"],
        "levers": [
            {"changes": [{"field": "discount", "value": "10"}], "text": "At 10 % or less you need nobody.",
             "clears": True, "cost": "7200.00"},
            {"changes": [{"field": "discount", "value": "20"}], "text": "At 20 % or less Operations decides.",
             "clears": False, "cost": "2400.00"},
        ],
        "clearances": {}, "valid_until": None, "alarms": [],
    }  # fmt: skip


def test_the_tree_of_a_deal_that_was_agreed_and_went_through() -> None:
    life = lived(policy(gate()), note="ok")
    life.move("contract")
    life.step()
    told = tree(life)
    (yes,) = told["signoffs"]
    assert (yes["state"], yes["decided_by"], yes["decided_at"], yes["note"]) == (
        "approved", "anna", "2026-11-24T13:05:00+00:00", "ok",
    )  # fmt: skip
    assert yes["envelope"] == [
        {"field": "discount", "low": None, "high": "18"}, {"field": "not_offered", "low": None, "high": "0"},
    ]  # fmt: skip
    assert told["clearances"] == {
        "contract": {"how": "passed", "at": "2026-11-24T13:06:00+00:00", "policy": "v1"}
    }
    assert (told["gate"], told["blocked_stages"], told["levers"]) == (None, [], [])


def test_what_nobody_can_sign_is_in_the_tree_with_its_alarm() -> None:
    of_managers = matrix("discounts", row("all", Ruling.SIGN_OFF, ["sales-manager"]))
    rules = policy(gate(), matrices={**policy().matrices, "discounts": of_managers})
    life = Life(deal("proposal", 18, owner=None), rules)
    life.step()
    told = tree(life)
    assert told["gates"][0]["nobody"] == ["sales-manager"]
    assert told["alarms"] == ["nobody-can-sign sales-manager"]


def test_what_is_missing_is_named_in_the_tree_and_in_the_table() -> None:
    verdict, _ = case_with(deal("contract", 5, values={"number_of_users": None}), policy(gate()), Standing())
    (finding,) = [one for one in plain(explain.tree(verdict))["gates"][0]["findings"] if one["missing"]]
    assert (finding["code"], finding["outcome"], finding["missing"]) == (
        "missing",
        "fail",
        ["number_of_users"],
    )
    short, long = explain.table(verdict), explain.table(verdict, everything=True)
    assert short[0] == ("Contract", "Your turn", "open (block)", "")
    assert ("", "fail", finding["ops"], "") in short
    assert {one[1] for one in long} - {one[1] for one in short} == {"pass"}


def test_the_table_says_of_a_gate_that_was_passed_how_that_came() -> None:
    life = Life(deal("proposal", 5), policy(gate()))
    life.step()
    life.move("contract")
    life.step()
    life.step()
    assert life.verdict is not None
    assert explain.table(life.verdict) == (("Contract", "Ready", "passed (block), passed", ""),)
    assert explain.table(asked().verdict or life.verdict) == (
        ("Contract", "Waiting for sign-off", "ahead (block)", ""),
        ("", "sign-off", LARGE["why"], "policy.yaml:large"),
        ("", "sales-decides", STANDARD["why"], "policy.yaml:standard"),
    )


# --- the panel ---


def panel(life: Life) -> Any:
    assert life.verdict is not None
    return plain(explain.told(life.verdict, life.ground))


def test_the_panel_of_a_deal_that_waits() -> None:
    assert panel(asked()) == {
        "gate": "contract", "badge": "Waiting for sign-off", "sentence": WAITS,
        "alone": "You alone: up to 10 % discount",
        "levers": ["At 10 % or less you need nobody.", "At 20 % or less Operations decides."],
        "gates": [
            {"gate": "contract", "stage": "Contract", "readiness": "needs-sign-off", "clear": False,
             "findings": [], "fine": [DATA["rep"]], "waiting": [LARGE["why"]]}
        ],
        "signoffs": [
            {"role": "the founder", "state": "requested", "asked": ["Ruth Klein"],
             "due": "2026-11-25T13:00:00+00:00", "by": None, "note": "", "question": "", "limit_on": "discount",
             "stops": False}
        ],
    }  # fmt: skip


def test_the_panel_shows_what_the_approver_asked_until_it_is_answered() -> None:
    life = asked()
    life.now = life.now.replace(minute=5)
    life.step(answer("question", by="ruth", at=life.now, note="Who migrates?"))
    (question,) = panel(life)["signoffs"]
    assert (question["state"], question["question"]) == ("info-requested", "Who migrates?")
    assert question["asked"] == ["Ruth Klein"]  # whoever asks, though others were asked, too
    life.now = life.now.replace(minute=9)
    life.step(answer("reply", by="mia", at=life.now, note="We do."))
    (question,) = panel(life)["signoffs"]
    assert (question["state"], question["question"]) == ("requested", "")


@pytest.mark.parametrize("state", ["withdrawn", "superseded", "expired"])
def test_what_is_over_is_not_in_the_panel_and_what_holds_is(state: str) -> None:
    over = request(state=SignoffState(state))
    no = request(
        "gone", cycle=2, state=SignoffState.REJECTED, decided_by="sam", decided_at=NOW, asked=("sam",), lever=None,
        stops=4,
    )  # fmt: skip
    verdict, ground = case_with(deal("proposal", 5), policy(gate()), Standing(signoffs=(over, no)))
    (shown,) = plain(explain.told(verdict, ground))["signoffs"]
    assert (shown["role"], shown["state"], shown["asked"], shown["by"]) == (
        "gone",
        "rejected",
        ["sam"],
        "sam",
    )
    assert (shown["limit_on"], shown["stops"]) == (None, True)


def test_what_is_missing_or_odd_is_open_in_the_panel_and_a_size_alone_is_no_praise() -> None:
    found = deal(
        "proposal", 18, line_items=(line(Decimal(18), product=None),), values={"number_of_users": None}
    )
    verdict, ground = case_with(found, policy(gate()), Standing())
    (shown,) = plain(explain.told(verdict, ground))["gates"]
    assert (shown["findings"], shown["fine"]) == (
        ["Number of users is missing."],
        ["Filled in: delivery address."],
    )
    assert shown["waiting"] == [
        "18 % discount is over your 10 %",
        "Data Platform Core is not in the standard offering",
    ]


def test_a_panel_that_is_too_long_says_that_it_was_cut() -> None:
    verdict, ground = case_with(deal("proposal", 25), policy(gate()), Standing())
    text = explain.panel(verdict, ground)
    assert json.loads(text) == plain(explain.told(verdict, ground))
    assert ", " not in text.replace(verdict.sentence, "").split('"findings"')[0].replace(
        "address, number", ""
    )
    long = verdict._replace(sentence="x" * 32_000)
    assert explain.panel(long, ground) == '{"gate":"contract","cut":true}'
    accents = verdict._replace(sentence="Zoë Müller")
    assert "Zoë Müller" in explain.panel(accents, ground)


# --- the rules as nodes ---


def test_a_rule_as_a_node_for_the_rep_and_for_operations() -> None:
    life = asked()
    assert life.verdict is not None
    (first, *_) = explain.nodes(life.verdict, life.ground)
    whole = plain(explain.node_json(first, rep=False))
    assert {name: whole[name] for name in ("name", "outcome", "rep", "ops", "seen", "where", "folded")} == {
        "name": "contract", "outcome": "needs-sign-off", "rep": "Contract: Waiting for sign-off (block, ahead)",
        "ops": "Contract: Waiting for sign-off (block, ahead)", "seen": {}, "where": "", "folded": False,
    }  # fmt: skip
    assert [(one["name"], one["outcome"], one["folded"]) for one in whole["children"]] == [
        ("required-data:filled", "pass", True), ("deviations:discount", "pass", True),
        ("discounts", "sign-off", False), ("strangers", "pass", True),
    ]  # fmt: skip
    large, *others = whole["children"][2]["children"]
    assert large == {
        "name": "large", "outcome": "sign-off", "rep": "the founder decides: 25 % discount is over your 10 %",
        "ops": "the founder decides: 25 % discount is over your 10 %", "seen": {"discount": "25 %"},
        "where": "policy.yaml:large", "folded": False, "children": [],
    }  # fmt: skip
    assert [(one["name"], one["outcome"], one["rep"], one["ops"]) for one in others] == [
        ("small", "skipped", "small", "small: discount <= 10%"),
        ("middle", "skipped", "middle", "middle: discount (10%..20%]"),
        ("huge", "skipped", "huge", "huge: discount > 30%"),
    ]
    assert "ops" not in plain(explain.node_json(first, rep=True))["children"][2]["children"][0]


def test_the_rules_at_the_terminal_are_indented_and_what_is_folded_is_counted_by_outcome() -> None:
    life = asked()
    assert life.verdict is not None
    (first, *_) = explain.nodes(life.verdict, life.ground)
    assert list(explain.node_lines(first, rep=False, everything=False)) == [
        "needs-sign-off: Contract: Waiting for sign-off (block, ahead)",
        "  sign-off: discounts",
        "    sign-off: the founder decides: 25 % discount is over your 10 %  [policy.yaml:large]",
        "    (3 skipped)",
        "  (3 pass)",
    ]
    assert list(explain.node_lines(first, rep=True, everything=True))[-4:] == [
        "  pass: strangers",
        "    pass: Sales decides: products not offered <= 0",
        "      seen: not_offered: 0",
        "    skipped: custom",
    ]


# --- who looks ---


def test_the_fields_that_a_rep_may_try_with_their_values_now() -> None:
    assert plain(changeable(asked().ground)) == [
        {"name": "amount", "label": "amount", "type": "money", "options": [], "value": "36000"},
        {"name": "delivery_address", "label": "delivery address", "type": "text", "options": [],
         "value": "Kade 1, Utrecht"},
        {"name": "start_date", "label": "start date", "type": "date", "options": [], "value": "2027-03-02"},
        {"name": "discount", "label": "discount", "type": "percent", "options": [], "value": "25"},
    ]  # fmt: skip
    region = replace(FIELDS["region"], rep_may_change=True, options=("EMEA", "APAC"))
    _, ground = case_with(deal(), policy(gate(), fields={**FIELDS, "region": region}), Standing())
    regions = [one for one in changeable(ground) if one["name"] == "region"]
    assert [(one["name"], one["options"]) for one in regions] == [("region", ["EMEA", "APAC"])]


def test_whoever_is_asked_reads_sizes_and_reasons_and_a_colleague_of_the_rep_does_not() -> None:
    life = asked()
    assert life.verdict is not None
    told = operations(Viewer(USERS[5], "ruth"), life.verdict, life.ground)
    assert plain(told) == [{"gate": "contract", "findings": [PRICE["ops"]], "waiting": [LARGE["why"]]}]
    assert operations(Viewer(USERS[1], "tom"), life.verdict, life.ground) is None
    life.now = life.now.replace(minute=5)
    life.step(answer("withdraw", by="mia", at=life.now))
    assert operations(Viewer(USERS[5], "ruth"), life.verdict, life.ground) is None  # nobody is asked any more


def test_whoever_has_decided_still_reads_what_it_was_about() -> None:
    life = lived(policy(gate()))
    assert life.verdict is not None
    assert operations(Viewer(USERS[3], "anna"), life.verdict, life.ground) is not None


@pytest.mark.parametrize(
    ("signoff", "asks", "replies", "takes_back"),
    [
        (request(), True, False, True),
        (request(state=SignoffState.INFO), True, True, True),
        (request(state=SignoffState.WAITING), True, False, True),
        (request(stops=8), True, False, False),
        (request(state=SignoffState.WITHDRAWN), True, False, False),
        (request(state=SignoffState.REJECTED, decided_by="anna", decided_at=NOW), True, False, False),
    ],
)
def test_what_the_owner_may_do_follows_what_is_open(
    signoff: Any, asks: bool, replies: bool, takes_back: bool
) -> None:
    verdict, ground = case_with(deal("proposal", 18), policy(gate()), Standing(signoffs=(signoff,)))
    told = may(Viewer(USERS[0], "mia"), verdict, ground)
    assert (told["may_ask"], told["may_reply"], told["may_withdraw"]) == (asks, replies, takes_back)
    nobody = may(Viewer(USERS[0], None), verdict, replace(ground, deal=replace(ground.deal, owner=None)))
    assert (nobody["may_ask"], nobody["may_reply"], nobody["may_withdraw"]) == (False, False, False)


def test_of_a_gate_that_only_observes_nobody_reads_on_panel_and_card() -> None:
    """It read "What blocks Proposal", and held nothing."""
    rules = policy(gate("early", "proposal", mode=Mode.OBSERVE), gate())
    life = lived(rules)
    assert life.verdict is not None
    assert [one.gate for one in life.verdict.gates] == ["early", "contract"]
    assert [one["gate"] for one in panel(life)["gates"]] == ["contract"]
    told = operations(Viewer(USERS[3], "anna"), life.verdict, life.ground)
    assert told is not None
    assert [one["gate"] for one in told] == ["contract"]


def test_what_a_later_gate_lacks_is_no_question_while_the_deal_is_ready_for_the_next() -> None:
    """The panel in Salesforce offers nothing then; the card did."""
    later = policy(gate(), gate("won", "closedwon", checklist="won", matrices=()))
    ready, ground = case_with(deal("proposal", 5, values={"start_date": None}), later, Standing())
    assert (ready.readiness, [one.clear for one in ready.gates]) == (Readiness.READY, [True, False])
    assert may(Viewer(USERS[0], "mia"), ready, ground)["may_ask"] is False


def test_of_a_deal_that_is_ready_or_left_alone_nothing_can_be_asked() -> None:
    ready, ground = case_with(deal("proposal", 5), policy(gate()), Standing())
    assert may(Viewer(USERS[0], "mia"), ready, ground)["may_ask"] is False
    lost, ground = case_with(deal("closedlost", 25), policy(gate()), Standing())
    assert may(Viewer(USERS[0], "mia"), lost, ground)["may_ask"] is False
    held, ground = case_with(deal("proposal", 25), policy(gate()), Standing())
    paused = replace(ground, context=replace(ground.context, observe_only=True))
    assert may(Viewer(USERS[0], "mia"), held, paused)["may_ask"] is False


def test_where_our_own_source_alone_holds_a_gate_the_tree_says_that_nobody_knows_now() -> None:
    verdict, ground = case_with(
        deal("contract", 5, values={"number_of_users": None}), policy(gate()), Standing()
    )
    (held,) = verdict.gates
    ours = tuple(one._replace(ours=True) for one in held.findings)
    down = verdict._replace(gates=(held._replace(findings=ours),))
    assert explain.nodes(verdict, ground)[0].rep == "Contract: Your turn (block, open)"
    assert explain.nodes(down, ground)[0].rep == "Contract: Not known at the moment (block, open)"
