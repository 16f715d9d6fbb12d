"""The tree, the story and the rules in words: each outcome, each event and each test has its own sentence."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector import explain, gates
from connector.deals import Deal, Unreadable, Value
from connector.explain.history import history
from connector.explain.rights import rights
from connector.explain.rules import in_words, row_in_words
from connector.explain.story import Names, Told, sentence
from connector.explain.viewer import Viewer, changeable, may, operations
from connector.policy.literals import NotALiteral
from connector.policy.model import (
    Bound,
    Capacity,
    Checklist,
    Delegation,
    Feasibility,
    FieldType,
    Mode,
    Policy,
    Ruling,
)
from connector.policy.written import value
from connector.signoffs.ground import Ground
from connector.standing import SignoffState, Standing
from connector.verdicts import Verdict
from tests.core.test_explain import case, every
from tests.core.world import (
    FIELDS,
    NOW,
    PEOPLE,
    PIPELINE,
    ROLES,
    USERS,
    WATCHED,
    Life,
    answer,
    context,
    deal,
    gate,
    matrix,
    moved,
    policy,
    request,
    row,
)

VETO = replace(row("all", Ruling.SALES, discount=">= 0%"), veto=("founder",), veto_within=8)
FACT = replace(row("all", Ruling.SIGN_OFF, ["operations"], discount=">= 0%"), attest="Data has arrived")


def one(*rows: object) -> Policy:
    return policy(gate(matrices=("m",)), matrices={"m": matrix("m", *rows)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("discount", "rules", "outcome", "said"),
    [
        (35, policy(gate()), "fail", "Not allowed: 35 % discount is over your 10 %"),
        (None, policy(gate()), "unknown", "Not known yet: discount is not known: Data Platform Core has no price"),
        (5, policy(gate()), "pass", "Sales decides: discount <= 10%"),
        (18, policy(gate(matrices=("watched",))), "pass", "the founder is told: 18 % discount is over your 8 %"),
        (5, one(VETO), "pass", "the founder may stop it: 5 % discount is over 0 %"),
        (5, one(FACT), "sign-off", 'Operations confirms "Data has arrived"'),
    ],
)  # fmt: skip
def test_each_ruling_has_its_outcome_and_its_words_in_the_tree(
    discount: int | None, rules: Policy, outcome: str, said: str
) -> None:
    tree = explain.nodes(*case(deal("proposal", discount), rules))
    assert (outcome, said) in [(node.outcome, node.ops) for node in every(tree)]


def lived(rules: Policy, *, note: str = "") -> Life:
    life = Life(deal("proposal", 18), rules, history=moved("discovery", "proposal"))
    life.step()
    life.now = life.now.replace(minute=5)
    life.step(answer("yes", at=life.now, note=note))
    return life


@pytest.mark.parametrize(
    ("rules", "said"),
    [(policy(gate()), "Operations has decided"), (one(FACT), 'Operations has confirmed "Data has arrived"')],
)
def test_what_was_signed_is_told_as_done(rules: Policy, said: str) -> None:
    life = lived(rules)
    assert life.verdict is not None
    tree = explain.nodes(life.verdict, life.ground)
    assert [node.ops for node in every(tree) if node.ops.startswith(said)] != []


def test_of_a_gate_that_was_passed_nothing_was_looked_at_and_all_of_it_is_named() -> None:
    life = Life(deal("proposal", 5), policy(gate()), history=moved("proposal"))
    life.step()
    life.move("contract")
    life.step()
    life.step()
    assert life.verdict is not None

    (passed,) = explain.nodes(life.verdict, life.ground)

    assert (passed.outcome, passed.rep) == (
        "ready",
        "contract: Ready (passed)".replace("contract", "Contract"),
    )
    assert [(child.name, child.outcome) for child in passed.children] == [
        ("data", "skipped"), ("offer", "skipped"), ("discounts", "skipped"), ("strangers", "skipped"),
    ]  # fmt: skip


# --- a sentence keeps its length ---


def test_many_long_names_of_those_who_agreed_still_fit() -> None:
    people = {**PEOPLE, "anna": replace(PEOPLE["anna"], name="Anna " + "van der Bos " * 20)}
    life = lived(policy(gate(), people=people))
    assert life.sentence.startswith("Ready for Contract. Anna van der Bos")
    assert len(life.sentence) == explain.LONGEST
    assert life.sentence.endswith("...")


def test_without_room_for_a_single_reason_the_sentence_still_says_whose_turn_it_is() -> None:
    people = {**PEOPLE, "anna": replace(PEOPLE["anna"], name="Anna " + "van der Bos " * 25)}
    life = Life(deal("proposal", 18), policy(gate(), people=people), history=moved("proposal"))
    life.step()
    assert life.sentence.startswith("Contract: waiting for Anna van der Bos")
    assert len(life.sentence) <= explain.LONGEST


def test_long_reasons_why_not_are_cut_and_the_others_counted() -> None:
    fields = {**FIELDS, "discount": replace(FIELDS["discount"], label="discount of the year " * 20)}
    over = [row(str(place), Ruling.FORBIDDEN, discount=f"> 3{place}%", amount="> 1") for place in range(2)]
    dear = row("dear", Ruling.FORBIDDEN, amount="> EUR 10")
    life = Life(deal("proposal", 35), replace(one(*over, dear), fields=fields), history=moved("proposal"))
    life.step()
    assert life.sentence.startswith("Contract: not possible, because ")
    assert "..." in life.sentence
    assert len(life.sentence) <= explain.LONGEST


def test_an_offer_without_a_limit_of_its_own_names_whoever_made_it() -> None:
    offer = request(
        state=SignoffState.APPROVED, decided_by="anna", decided_at=NOW, lever=None,
        envelope=(Bound("discount", high=Decimal(15)),),
    )  # fmt: skip
    verdict, _ = case_with(deal("proposal", 18), policy(gate()), Standing(signoffs=(offer,)))
    assert "Anna Bos" in verdict.sentence


def case_with(a_deal: Deal, rules: Policy, standing: Standing) -> tuple[Verdict, Ground]:
    from connector.checks.derived import derive

    around = context(standing=standing)
    facts = derive(a_deal, rules, NOW.date())
    return gates.assess(a_deal, rules, around, NOW), Ground(a_deal, facts, PIPELINE, rules, around, NOW)


# --- who looks ---


def test_a_stranger_sees_his_name_and_may_do_nothing() -> None:
    verdict, ground = case_with(deal("proposal", 18), policy(gate()), Standing(signoffs=(request(),)))
    stranger = Viewer(replace(USERS[0], owner="999", name="Sam Stranger"), None)
    assert may(stranger, verdict, ground) == {
        "name": "Sam Stranger", "may_ask": False, "may_reply": False, "may_withdraw": False, "may_decide": [],
    }  # fmt: skip
    assert operations(stranger, verdict, ground) is None
    assert may(Viewer(None, None), verdict, ground)["name"] == ""


def test_the_owner_may_ask_and_take_back_and_the_approver_may_decide() -> None:
    verdict, ground = case_with(deal("proposal", 18), policy(gate()), Standing(signoffs=(request(),)))
    mia, anna = Viewer(USERS[0], None), Viewer(USERS[3], "anna")
    seen = may(mia, verdict, ground)
    assert (seen["may_ask"], seen["may_reply"], seen["may_withdraw"], seen["may_decide"]) == (
        True,
        False,
        True,
        [],
    )
    (question,) = may(anna, verdict, ground)["may_decide"]  # type: ignore[misc]
    assert question == {
        "gate": "contract", "role": "Operations", "state": "requested", "limit_on": "discount",
        "due": "2026-11-24T20:00:00+00:00",
    }  # fmt: skip
    assert operations(anna, verdict, ground) is not None
    assert operations(Viewer(USERS[0], "mia"), verdict, ground) is None


def test_the_values_that_a_rep_may_change_are_plain() -> None:
    fields = {
        **FIELDS,
        "tags": replace(FIELDS["region"], name="tags", label="tags", rep_may_change=True, options=("a", "b")),
        "secret": replace(FIELDS["region"], name="secret", rep_may_change=True, hidden=True),
    }
    a_deal = deal(
        "proposal", 18, values={"tags": ("a", "b"), "start_date": "soon", "delivery_address": "Kade 1"}
    )
    _, ground = case(a_deal, policy(gate(), fields=fields))
    assert isinstance(ground.facts["start_date"], Unreadable)
    shown = {str(field["name"]): field["value"] for field in changeable(ground)}
    assert shown == {
        "amount": "39360", "delivery_address": "Kade 1", "start_date": None, "discount": "18", "tags": None,
    }  # fmt: skip


# --- the rights of a day ---


def test_a_role_found_in_the_crm_and_a_last_resort_are_said() -> None:
    found = replace(ROLES["operations"], holders=("anna", "queue:Deal Desk", "team:Ops"))
    chief = replace(ROLES["founder"], last_resort=True)
    given = Delegation(
        "anna", "tom", date(2026, 3, 2), date(2026, 3, 6), pipelines=frozenset({"Sales", "Renewals"})
    )
    rules = policy(gate(), roles={"operations": found, "founder": chief}, delegations=(given,))
    team = "held Operations if a member of queue:Deal Desk or team:Ops that day (the CRM knows)"
    assert rights("anna", date(2026, 3, 2), rules) == ("held Operations", team)
    assert rights("ruth", date(2026, 3, 2), rules) == (
        team,
        "held the founder",
        "was the last resort of every role",
    )
    assert rights("tom", date(2026, 3, 2), rules) == (
        team, "stood in for Anna Bos as Operations from 2026-03-02 to 2026-03-06, in Renewals and Sales",
    )  # fmt: skip
    elsewhere = replace(given, roles=frozenset({"founder"}))
    assert rights("tom", date(2026, 3, 2), replace(rules, delegations=(elsewhere,))) == (team,)


# --- the story ---


NAMES = Names.of(policy(gate()))


def test_a_word_that_the_policy_speaks_of_no_more_keeps_its_unit() -> None:
    """The record told of a "discount up to 15"."""
    silent = replace(policy(gate()), fields={})
    yes = signed("yes", {"envelope": [{"field": "discount", "high": {"n": "15"}}]}, person="anna")
    assert "for discount up to 15 %" in sentence(yes, Names.of(silent))


def told(kind: str, body: Mapping[str, object] | None = None, **beside: str) -> str:
    return sentence(entry(kind, body, **beside), NAMES)


def entry(kind: str, body: Mapping[str, object] | None = None, **beside: str) -> Told:
    return Told(NOW, kind, body or {}, beside)


def signed(event: str, body: Mapping[str, object] | None = None, **beside: str) -> Told:
    return entry("sign-off", {"event": event, "signoff": "contract/operations/1", **(body or {})}, **beside)


RANGE = {"envelope": [{"field": "discount", "high": {"n": "18"}}, {"field": "start_date", "low": {"d": "2027-03-02"}},
    {"field": "users", "low": {"n": "5"}, "high": {"n": "9"}}], "until": {"d": "2027-01-31"}}  # fmt: skip


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (entry("request", note="Strategic"), "Somebody (erased) asks for a decision. Strategic.".replace("S", "s", 1)),
        (entry("request", person="mia"), "Mia de Vries asks for a decision."),
        (entry("move-back", {"from": "Contract", "to": "Proposal"}), "Moved back from Contract to Proposal."),
        (entry("verdict", {"readiness": "ready", "cleared": {"contract": "passed", "gone": "odd"}, "lost": ["contract"]},
              sentence="Ready."),
         'Badge "Ready": Ready. contract was passed, gone odd and contract has to be passed again.'),
        (entry("verdict", {"readiness": "blocked"}), 'Badge "Stopped by Operations": (erased).'),
        (signed("asked", asked="anna, jan", why="18 % is over 10 %"),
         "Anna Bos and Jan Smit asked for Operations at contract. 18 % is over 10 %."),
        (signed("asked"), "somebody (erased) asked for Operations at contract."),
        (signed("yes", {"right": "holder", "role": "operations", **RANGE}, person="anna"),
         ("Anna Bos said yes for Operations at contract, holding Operations, for discount up to 18 %, start date from"
         " 2 March 2027 and users from 5 to 9, until 31 January 2027.")),
        (signed("no", {"right": "delegate", "role": "operations", "delegated": [{"d": "2026-01-01"}, {"d": "2026-02-01"}]},
                person="tom", holder="anna", note="Too much!"),
         ("Tom Baker said no for Operations at contract, standing in for Anna Bos (Operations) from 2026-01-01 to"
         " 2026-02-01. Too much!")),
        (signed("signed", {"right": "backup", "role": "operations"}, person="tom"),
         "Tom Baker signed for Operations at contract, as backup of Operations; more have to."),
        (signed("yes", {"right": "last-resort"}, person="ruth"), "Ruth Klein said yes for Operations at contract, as last resort."),
        (signed("yes", {}, person="ruth"), "Ruth Klein said yes for Operations at contract, by no right on record."),
        (signed("question", question="Who migrates?"), "Operations asks the rep. Who migrates?"),
        (signed("question", person="anna"), "Anna Bos asks the rep."),
        (signed("escalated"), "Nobody answered in time: Operations asked for Operations at contract."),
        (signed("danced"), "Operations at contract: danced."),
        (signed("may-stop", asked="ruth"), "Ruth Klein may stop it for Operations at contract."),
        (signed("let-pass"), "Operations at contract did not stop it in time, so it passes."),
        (signed("waits-for-its-turn"), "Operations at contract waits for its turn."),
        (signed("reply", person="mia", note="We do."), "Mia de Vries replied. We do."),
        (signed("reply", note="We do."), "The rep replied. We do."),
        (signed("withdrawn"), "The question to Operations at contract was taken back."),
        (signed("expired"), "Operations at contract: the time is over."),
        (signed("superseded"), "Operations at contract is asked anew or was replaced."),
        (signed("escalated", asked="ruth"), "Nobody answered in time: Ruth Klein asked for Operations at contract."),
        (signed("paused"), "Operations at contract waits for the customer."),
        (signed("resumed"), "The wait for the customer is over: Operations at contract goes on."),
        (signed("condition-met"), "A condition of Operations at contract is met."),
        (signed("passed-on", asked="jan"), "Passed on: Jan Smit asked for Operations at contract."),
        (signed("asked-again"), "Asked once more for Operations at contract, since nobody answered on the task."),
        (signed("asked", {"signoff": "gone/nobody/3"}, asked="sam", conditions="Data first"),
         "sam asked for nobody at gone. Data first."),
        (signed("yes", {"envelope": [{"field": "users", "high": {"n": "9"}}], "right": "odd"}, person="anna"),
         "Anna Bos said yes for Operations at contract, by odd, for users up to 9."),
        (signed("yes", {"until": {"d": "2027-01-31"}, "envelope": "?", "right": "holder", "role": "gone"}, person="anna"),
         "Anna Bos said yes for Operations at contract, holding gone, until 31 January 2027."),
        (signed("no", {"right": "delegate", "role": "operations", "delegated": ["2026-01-01"]}, person="tom"),
         ("Tom Baker said no for Operations at contract, standing in for somebody (erased) (Operations) from 2026-01-01"
          " to 2026-01-01.")),
        (entry("verdict", {"readiness": "needs-info", "cleared": "?", "lost": "?"}, sentence="Your turn?"),
         'Badge "Your turn": Your turn?'),
        (entry("verdict", {"readiness": "ready", "cleared": {"contract": "lapsed"}}, sentence="So"),
         'Badge "Ready": So. contract is open again: what it had agreed to has changed.'),
        (entry("decision", {"kind": "go-on", "counted": True}, person="anna"), "Anna Bos wrote: go on."),
        (entry("decision", {"kind": "reply", "counted": True}, person="mia"), "Mia de Vries wrote: a reply."),
        (entry("decision", {"kind": "question", "counted": False}, person="tom"),
         "Tom Baker wrote: ask the rep first. It did not count."),
        (entry("decision", {"kind": "wait-for-customer", "counted": True}, person="anna"),
         "Anna Bos wrote: wait for the customer."),
        (entry("decision", {"kind": "withdraw", "counted": True}, person="mia"),
         "Mia de Vries wrote: no longer, take it back."),
        (entry("decision", {"kind": "condition-met", "counted": True}, person="anna"),
         "Anna Bos wrote: the condition is met."),
        (entry("decision", {"kind": "yes"}, person="anna"), "Anna Bos wrote: yes. It did not count."),
        (entry("waiver-granted", {"rule": "discounts", "until": None}, note="Pilot", by="Ruth"),
         "Waiver granted. rule discounts. Pilot. Ruth."),
        (entry("waiver", {"event": "granted", "waiver": "w-1", "rule": "discounts", "until": {"d": "2026-12-20"},
                          "reason": "pilot", "role": "founder"}, person="ruth", note="A reference"),
         ("Ruth Klein, as the founder, lets this deal pass discounts until 20 December 2026 (pilot, w-1)."
          " A reference.")),
        (entry("waiver", {"event": "granted", "waiver": "w-1", "rule": "discounts", "until": {"d": "2026-12-20"},
                          "reason": "pilot", "role": "operations", "break_glass": True}, person="anna"),
         "Anna Bos, in an emergency, lets this deal pass discounts until 20 December 2026 (pilot, w-1)."),
        (entry("waiver", {"event": "ended", "waiver": "w-1"}, person="ruth"), "Ruth Klein ended the exception w-1."),
        (entry("waiver", {"event": "reviewed", "waiver": "w-1"}, person="ruth"),
         "Ruth Klein reviewed the emergency exception w-1."),
        (entry("waiver", {"event": "unneeded", "waiver": "w-1", "rule": "discounts", "actor": "dealgate:engine"}),
         "The exception w-1 to discounts was not needed for a day and has ended."),
        (entry("waiver", {"event": "odd", "waiver": "w-1"}), "Exception w-1: odd."),
        (signed("yes", {"right": "holder", "role": "operations"}, person="anna", conditions="data first",
                note="Condition: data first by 15 February"),
         "Anna Bos said yes for Operations at contract, holding Operations. Condition: data first by 15 February."),
        (entry("decision", {"kind": "yes-up-to", "counted": True}, person="anna", note="15"),
         "Anna Bos wrote: yes up to a limit. 15."),
        (entry("decision", {"kind": "no", "counted": False}, sentence="You own it."),
         "Somebody wrote: no. It did not count. You own it."),
        (entry("decision", {"kind": "maybe", "counted": True}), "somebody (erased) wrote: maybe."),
        (entry("policy-published", {"version": "v2", "note": "", "personal": 1}, by="Anna"), "Policy published. version v2. Anna."),
    ],
)  # fmt: skip
def test_each_entry_of_the_record_is_a_sentence(one: Told, expected: str) -> None:
    assert sentence(one, NAMES) == expected


def test_names_are_those_that_the_policy_gives_now() -> None:
    assert NAMES.people["anna"] == "Anna Bos"
    assert NAMES.roles["founder"] == "the founder"
    assert NAMES.gates == {"contract": "contract"}
    assert NAMES.person(entry("x", person="gone")) == "gone"
    assert NAMES.person(entry("x", holder="mia"), "holder") == "Mia de Vries"


def test_a_rep_reads_neither_why_somebody_was_asked_nor_what_covers_hidden_fields() -> None:
    entries = [
        Told(
            NOW,
            "sign-off",
            {"envelope": [{"field": "discount"}, {"field": "margin"}]},
            {"why": "margin 7 %", "note": "ok"},
        ),
        Told(NOW, "decision", {"counted": True, "signoffs": ["x"]}, {}),
        Told(NOW, "decision", {"counted": False}, {"person": "mia", "sentence": "You own it."}),
        Told(NOW, "decision", {"counted": False}, {"person": "tom", "sentence": "You own it."}),
        Told(NOW, "waiver", {}, {}),
    ]
    assert len(history(entries, "anna", {"margin"}, operations=True)) == 4

    first, mine, other = history(entries, "mia", {"margin"}, operations=False)

    assert first == Told(NOW, "sign-off", {"envelope": [{"field": "discount"}]}, {"note": "ok"})
    assert mine.beside == {"person": "mia", "sentence": "You own it."}
    assert other.beside == {"person": "tom"}


# --- the rules ---


SIGN = Ruling.SIGN_OFF
BOTH = ("operations", "founder")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (row("a", Ruling.SALES, discount="<= 10%"), "discount at most 10%: Sales decides"),
        (row("a", SIGN, ["operations"], discount="(10%..20%]"), "discount over 10% up to 20%: Operations decides"),
        (row("a", SIGN, ["operations"], discount="[10%..20%)"), "discount from 10% to under 20%: Operations decides"),
        (row("a", SIGN, BOTH, discount="> 20%", amount=">= EUR 5,000"),
         "discount over 20% and amount at least EUR 5,000: Operations and the founder decide"),
        (replace(row("a", SIGN, BOTH, discount="< 2%"), in_order=True),
         "discount under 2%: Operations and the founder decide, one after the other"),
        (replace(row("a", SIGN, BOTH), quorum=1), "every deal: Operations or the founder decides"),
        (replace(row("a", SIGN, BOTH), quorum=2), "every deal: Operations and the founder decide"),
        (replace(FACT, own=True), 'discount at least 0%: Operations or the deal\'s owner confirms "Data has arrived"'),
        (row("a", Ruling.NOTIFY, ["founder"], region="not(EMEA, APAC)"),
         "region not EMEA or APAC: Sales decides, the founder is told"),
        (row("a", Ruling.NOTIFY, BOTH, region="EMEA"), "region EMEA: Sales decides, Operations and the founder are told"),
        (row("a", Ruling.FORBIDDEN, text="We never do."), "every deal: not allowed. We never do"),
        (row("a", Ruling.UNKNOWN), "every deal: not known"),
        (VETO, "discount at least 0%: Sales decides, the founder may stop it within 8 hours"),
        (replace(row("a", SIGN, ["operations"], discount="5%"), rises=0),
         "discount 5%: Operations decides, and the role above at once"),
        (replace(row("a", SIGN, ["operations"], discount="5%, [7%..8%]"), rises=4),
         "discount 5% or from 7% up to 8%: Operations decides, after 4 hours the role above too"),
    ],
)  # fmt: skip
def test_a_row_is_read_aloud(rule: object, said: str) -> None:
    assert row_in_words(rule, policy(gate())) == said  # type: ignore[arg-type]


def test_every_check_of_a_gate_is_read_aloud() -> None:
    checks = (Feasibility("f", ()), Capacity("c", "start_date"))
    other = gate(
        "quiet", "proposal", mode=Mode.OBSERVE, checklist="plan", matrices=("watched",), move_back=False
    )
    rules = policy(gate(), other, checklists={**policy().checklists, "plan": Checklist("plan", checks)})
    assert list(in_words(rules, "quiet"))[:4] == [
        "proposal (Sales Pipeline): only watches.  []",
        "  Feasible: 0 rules.",
        "  The people are there from start date on.",
        "  watched: of each chain the highest role decides.  []",
    ]
    whole = list(in_words(rules))
    assert whole[0] == "contract (Sales Pipeline): holds a deal until it is clear.  []"
    assert whole[1:3] == [
        '  Filled in: delivery address and number of users. "Unknown, because ..." goes to Operations.',
        "  The distance from the standard offering is measured.",
    ]
    assert len(whole) == 4 + len(WATCHED.rows) + 4 + len(rules.matrices["discounts"].rows) + 1 + 2


# --- values as they are typed ---


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        (FieldType.PERCENT, "12 %", Decimal(12)),
        (FieldType.MONEY, "EUR 50,000", Decimal(50000)),
        (FieldType.NUMBER, " 3 ", Decimal(3)),
        (FieldType.DATE, "2026-03-16", date(2026, 3, 16)),
        (FieldType.BOOLEAN, "yes", True),
        (FieldType.ENUM, "emea", "EMEA"),
        (FieldType.TEXT, " Kade 1 ", "Kade 1"),
        (FieldType.PERSON, "anna", "anna"),
        (FieldType.TEXT, "Empty", None),
    ],
)
def test_a_value_is_read_by_the_type_of_its_field(kind: FieldType, typed: str, read: Value) -> None:
    field = replace(FIELDS["region"], type=kind, options=("EMEA", "APAC") if kind is FieldType.ENUM else ())
    assert value(field, typed, "EUR") == read


@pytest.mark.parametrize(
    ("kind", "typed", "currency", "allowed"),
    [
        (FieldType.ENUM, "emae", "EUR", "one of EMEA, APAC"),
        (FieldType.MONEY, "USD 5", "EUR", "an amount in EUR"),
        (FieldType.MONEY, "USD 5", None, "a deal with a currency first"),
        (FieldType.BOOLEAN, "maybe", "EUR", "true or false"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(
    kind: FieldType, typed: str, currency: str | None, allowed: str
) -> None:
    field = replace(FIELDS["region"], type=kind, options=("EMEA", "APAC"))
    with pytest.raises(NotALiteral, match=allowed):
        value(field, typed, currency)
