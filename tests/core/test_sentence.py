"""The one sentence of a deal at its edges: what fits, what is counted, whom it names, which range it tells."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connector.effects import AddNote
from connector.explain.alone import said as told
from connector.explain.rules import in_words, row_in_words
from connector.explain.sentence import LONGEST, cut
from connector.explain.who import by, lever_limit, limits, named, stopping, waiting_on
from connector.policy.model import (
    Bound,
    Checklist,
    Deviations,
    HitPolicy,
    Mode,
    Policy,
    RequiredData,
    RequiredField,
    Ruling,
    Scope,
    Worse,
)
from connector.standing import SignoffState, Standing
from tests.core.test_asking import asked_about
from tests.core.test_in_words import case_with
from tests.core.world import FIELDS, Life, answer, deal, gate, matrix, moved, policy, request, row


def test_what_just_fits_stays_whole_and_one_letter_more_is_cut_and_shows_it() -> None:
    assert (cut("x" * LONGEST), cut("x" * (LONGEST + 1))) == ("x" * LONGEST, f"{'x' * (LONGEST - 3)}...")
    assert cut("one two three", 9) == "one tw..."
    assert cut("one two three", 7) == "one..."
    assert cut("one two", 7) == "one two"


def forbidding(*lengths: int) -> Policy:
    """Rules that forbid the deal, each with a reason of so many letters besides its label."""
    names = ("region", "service_level", "delivery_address")
    tables = {
        name: matrix(name, row("never", Ruling.FORBIDDEN, **{name: "x" * length}))
        for name, length in zip(names, lengths, strict=False)
    }
    return policy(gate(matrices=tuple(tables), checklist=None), matrices=tables)


def forbidden(*lengths: int) -> str:
    names = ("region", "service_level", "delivery_address")
    words = {name: "x" * length for name, length in zip(names, lengths, strict=False)}
    verdict, _ = case_with(deal("proposal", 5, values=words), forbidding(*lengths), Standing())
    return verdict.sentence


def test_reasons_that_forbid_a_deal_are_all_named_while_they_fit() -> None:
    assert forbidden(5, 6, 7) == (
        "Contract: not possible, because region is xxxxx; service level is xxxxxx; delivery address is xxxxxxx."
    )


@pytest.mark.parametrize(
    ("lengths", "named", "more"),
    [((60, 60, 60), 2, 1), ((90, 90, 90), 1, 2), ((300, 5, 5), 1, 2), ((300,), 1, 0), ((90, 40), 2, 0)],
)
def test_reasons_that_do_not_fit_are_counted(lengths: tuple[int, ...], named: int, more: int) -> None:
    said = forbidden(*lengths)
    assert said.count(" is x") == named
    assert said.endswith(f"; and {more} more." if more else ".")
    assert (" more" in said) is bool(more)
    assert len(said) <= LONGEST


def lacking(*labels: str, unknown_goes_to: str | None = None) -> str:
    fields = {
        **FIELDS,
        **{
            f"f{at}": replace(FIELDS["region"], name=f"f{at}", label=label) for at, label in enumerate(labels)
        },
    }
    wanted = RequiredData(
        "data",
        tuple(RequiredField(f"f{at}") for at in range(len(labels))),
        unknown_goes_to=unknown_goes_to,
    )
    rules = policy(
        gate(matrices=("discounts",)),
        fields=fields,
        checklists={"contract": Checklist("contract", (wanted,))},
    )
    verdict, _ = case_with(deal("contract", 5), rules, Standing())
    return verdict.sentence


def test_what_is_missing_is_named_while_it_fits_and_then_counted() -> None:
    assert lacking("region", "team") == "Contract: your turn. Missing: region, team."
    long = lacking(*(f"{'x' * 60}{at}" for at in range(5)))
    assert long.startswith("Contract: your turn. Missing: xxx")
    assert long.endswith("xx2, and 2 more.")
    assert len(long) <= LONGEST


def test_a_hint_is_left_out_before_a_reason_is() -> None:
    hint = ' Don\'t know one yet? Write "unknown, because ..." and Operations takes it from there.'
    head = "Contract: your turn. Missing: "
    room = LONGEST - len(head) - 1 - len(hint)
    assert lacking("x" * room, unknown_goes_to="operations") == f"{head}{'x' * room}.{hint}"
    assert lacking("x" * (room + 1), unknown_goes_to="operations") == f"{head}{'x' * (room + 1)}."


def test_a_long_question_to_the_rep_is_cut_so_that_the_rest_has_room() -> None:
    life = asked_about()
    life.now += timedelta(minutes=5)
    life.step(answer("question", at=life.now, note="Why " + "so " * 100))
    assert life.sentence.startswith("Contract: your turn. Anna Bos (Operations) asks: Why so so")
    assert "..." in life.sentence
    assert len(life.sentence) < 180


def test_before_anybody_is_asked_the_role_is_named_with_the_stage() -> None:
    verdict, _ = case_with(deal("discovery", 18), policy(gate(matrices=("discounts",))), Standing())
    assert verdict.sentence.startswith(
        "Contract: needs sign-off by Operations, because 18 % discount is over your 10 %."
    )


# --- people and ranges ---


def ground() -> Life:
    return Life(deal("proposal", 18), policy(gate()))


def test_people_are_named_with_their_function_and_strangers_by_what_is_known_of_them() -> None:
    rules = policy(gate())
    assert named("anna", "operations", rules) == "Anna Bos (Operations)"
    assert named("anna", "gone", rules) == "Anna Bos"
    assert named("queue:Deal Desk", "operations", rules) == "Deal Desk (Operations)"
    assert named(None, "operations", rules) == "operations (Operations)"
    assert named("erased-7", "operations", rules) == "Somebody who has left (Operations)"
    assert by(request(decided_by="anna"), rules) == "Anna Bos"
    assert by(request(decided_by="sam"), rules) == "sam"
    assert by(request(decided_by=None), rules) == "operations"


def test_whom_it_waits_for_is_said_once_and_not_of_those_who_only_may_stop_it() -> None:
    twice = (request(), request(gate="won"), request("founder", asked=("ruth",)))
    assert waiting_on(twice, policy(gate())) == "Anna Bos (Operations) and Ruth Klein (Founder)"
    right = request("founder", asked=("ruth",), stops=8)
    assert waiting_on((right,), policy(gate())) == ""
    assert stopping((right, *twice)) == (right,)
    assert stopping((replace(right, state=SignoffState.EXPIRED),)) == ()


@pytest.mark.parametrize(
    ("bound", "limit", "said"),
    [
        (Bound("discount", high=Decimal(15)), "15 %", "up to 15 % discount"),
        (Bound("discount", high=Decimal(0)), "0 %", "no discount"),
        (Bound("amount", Decimal(40000)), "amount EUR 40,000", "amount from EUR 40,000"),
        (Bound("start_date", date(2027, 3, 2)), "start date 2 March 2027", "start date from 2 March 2027"),
        (
            Bound("start_date", None, date(2027, 3, 2)),
            "start date 2 March 2027",
            "start date up to 2 March 2027",
        ),
        (Bound("number_of_users", high=Decimal(30)), "number of users 30", ""),
    ],
)
def test_an_agreed_limit_is_said_in_the_deals_own_money(bound: Bound, limit: str, said: str) -> None:
    yes = request(lever=bound.field, envelope=(bound,))
    assert lever_limit(yes, ground().ground) == limit
    assert limits(yes, ground().ground) == said
    assert lever_limit(replace(yes, lever="other"), ground().ground) == ""


def test_an_agreed_range_tells_its_last_day() -> None:
    until = request(envelope=(Bound("discount", high=Decimal(15)),), valid_until=date(2027, 1, 31))
    assert limits(until, ground().ground) == "up to 15 % discount, until 31 January 2027"
    soon = replace(until, valid_until=date(2026, 12, 31), envelope=())
    assert limits(soon, ground().ground) == "until 31 December"


# --- what the rep may decide alone, in words ---


@pytest.mark.parametrize(
    ("worse", "cell", "said"),
    [
        ("HIGHER", "> 12.34", "You alone: number of users up to 12.34"),
        ("LOWER", "< 12", "You alone: number of users 12 or more"),
    ],
)
def test_a_limit_that_the_rep_may_go_to_is_told_to_its_better_side(worse: str, cell: str, said: str) -> None:
    users = replace(FIELDS["number_of_users"], rep_may_change=True, worse=Worse[worse])
    table = matrix(
        "m", row("all", Ruling.SALES), row("odd", Ruling.SIGN_OFF, ["operations"], number_of_users=cell)
    )
    rules = policy(gate(matrices=("m",)), fields={**FIELDS, "number_of_users": users}, matrices={"m": table})
    _, at = case_with(deal("proposal", values={"number_of_users": Decimal(12)}), rules, Standing())
    assert told(rules.gates[0], at) == said


# --- notes ---


def test_a_change_inside_what_was_agreed_is_noted_with_both_values_in_the_deals_money() -> None:
    dear = replace(FIELDS["amount"], weight=FIELDS["discount"].weight, worse=FIELDS["start_date"].worse)
    rules = policy(gate(), fields={**FIELDS, "amount": dear}, matrices={
        **policy().matrices, "discounts": matrix("discounts", row("all", Ruling.SALES, amount="> 1")),
    })  # fmt: skip
    life = Life(deal("proposal", 5), rules, history=moved("proposal"))
    life.step()
    life.move("contract")
    life.step()
    life.price(9)
    notes = [one for one in life.step() if isinstance(one, AddNote)]
    assert [(one.deal, one.key, one.body) for one in notes] == [
        (
            "7", "note:main:7:contract:3",
            ("Changed after Contract was cleared, and still inside the agreed range: discount from 5 % to 9 % and"
             " amount from EUR 45,600 to EUR 43,680."),
        )
    ]  # fmt: skip


# --- the rules in words ---


def test_each_mode_and_scope_of_a_gate_is_read_aloud() -> None:
    scope = Scope((("region", frozenset({"emea", "apac"})),))
    quiet = gate(
        mode=Mode.FLAG, scope=scope, matrices=("one",), checklist="bare", where="p.yaml:3", move_back=False
    )
    bare = Checklist("bare", (RequiredData("data", (RequiredField("region"),)), Deviations("offer")))
    only = replace(
        matrix("one", row("a", Ruling.SALES, discount="<= 10%"), hit=HitPolicy.UNIQUE), where="p.yaml:9"
    )
    rules = policy(quiet, checklists={"bare": bare}, matrices={"one": only})
    assert list(in_words(rules)) == [
        (
            "contract (Sales Pipeline): shows and asks, and holds nothing up, only where region is apac or emea."
            "  [p.yaml:3]"
        ),
        "  Filled in: region.",
        "  The distance from the standard offering is measured.",
        "  one: one row decides.  [p.yaml:9]",
        "    a: discount at most 10%: Sales decides.  [policy.yaml:a]",
    ]
    assert list(in_words(rules, "other")) == []


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("not(> 10%)", "discount not over 10%"),
        ("> 10%", "discount over 10%"),
        (">= 10%", "discount at least 10%"),
        ("< 10%", "discount under 10%"),
        ("(5%..10%)", "discount over 5% to under 10%"),
        ("5%, > 20%", "discount 5% or over 20%"),
    ],
)
def test_each_test_is_read_aloud(cell: str, said: str) -> None:
    assert row_in_words(row("a", Ruling.SALES, discount=cell), policy()) == f"{said}: Sales decides"


def test_a_row_says_who_may_stop_it_and_for_how_long() -> None:
    some = row("a", Ruling.SALES, discount="5%")
    either = replace(some, veto=("operations", "founder"))
    assert (
        row_in_words(either, policy()) == "discount 5%: Sales decides, Operations or the founder may stop it"
    )
    within = replace(either, veto_within=1)
    assert row_in_words(within, policy()).endswith("Operations or the founder may stop it within 1 hour")
    sign = replace(row("a", Ruling.SIGN_OFF, ["operations"]), rises=1)
    assert row_in_words(sign, policy()) == "every deal: Operations decides, after 1 hour the role above too"


@pytest.mark.parametrize(
    ("quorum", "said"),
    [
        (1, "Operations, the founder or the sales manager decides"),
        (2, "2 of Operations, the founder and the sales manager decide"),
        (3, "Operations, the founder and the sales manager decide"),
        (None, "Operations, the founder and the sales manager decide"),
    ],
)
def test_a_row_says_how_many_of_its_roles_have_to_decide(quorum: int | None, said: str) -> None:
    three = row("a", Ruling.SIGN_OFF, ["operations", "founder", "sales-manager"])
    assert row_in_words(replace(three, quorum=quorum), policy()) == f"every deal: {said}"
