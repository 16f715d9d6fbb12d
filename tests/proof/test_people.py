"""People enough for what a deal needs signed: who makes room for whom, and which rows hold a deal for ever."""

from dataclasses import replace

import pytest

from connector.policy.clauses import Group
from connector.policy.joint import Wanted, families, lacking, seated
from connector.policy.load import load
from connector.policy.model import (
    Capacity,
    Checklist,
    Deviations,
    Feasibility,
    Feasible,
    FeasibleRow,
    Offering,
    Product,
    RequiredData,
    Role,
    Row,
    Ruling,
)
from connector.proof import Kind, prove
from connector.proof.routed import routed
from connector.proof.signing import Signing, asked
from tests.core.world import policy
from tests.policy.samples import BASE
from tests.proof.test_words import BIG, PAIRS, ROLES, ROWS, SMALL, told


def wanted(chain: str, able: str, count: int = 1, *rows: Group, must: bool = True) -> Wanted:
    return Wanted(Role(chain, chain, (), chain, 1), tuple(able.split()), count, rows, must)


def row(name: str, *chains: str, quorum: int | None = None) -> Group:
    return Group(name, chains, quorum)


def test_rows_that_share_a_chain_make_one_family_of_all_their_chains() -> None:
    pair, other, alone = row("a", "price", "legal"), row("b", "legal", "money"), row("c", "tech")
    one, two = wanted("price", "ada", 1, pair), wanted("legal", "bob", 1, pair, other)
    three, four, five = wanted("money", "eve", 1, other), wanted("tech", "joe", 1, alone), wanted("hr", "kim")
    assert families([one, four, three, two, five]) == [[four], [one, three, two], [five]]


def test_whoever_could_sign_for_two_makes_room_for_whoever_could_sign_for_one() -> None:
    both = row("a", "price", "legal")
    family = [wanted("price", "ada bob", 1, both), wanted("legal", "ada", 1, both)]
    assert seated(family) == {"price": ("bob",), "legal": ("ada",)}
    assert lacking(family, seated(family)) == ()


def test_a_role_alone_takes_its_first_people() -> None:
    assert seated([wanted("price", "ada bob eve", 2)]) == {"price": ("ada", "bob")}
    assert seated([wanted("price", "ada", 2)]) == {"price": ("ada",)}
    assert lacking([wanted("price", "ada", 2)], {"price": ("ada",)}) == ("price",)
    assert lacking([wanted("price", "ada")], {}) == ("price",)


def test_nobody_is_missed_where_as_many_others_sign_as_the_row_wants() -> None:
    any_one = row("a", "price", "legal", quorum=1)
    spare = [wanted("price", "", 1, any_one, must=False), wanted("legal", "bob", 1, any_one, must=False)]
    assert lacking(spare, seated(spare)) == ()
    both = row("a", "price", "legal", quorum=2)
    short = [wanted("price", "", 1, both, must=False), wanted("legal", "bob", 1, both, must=False)]
    assert lacking(short, seated(short)) == ("price",)
    assert lacking(short, seated(short, ["price"]), ["price"]) == ()
    all_of = row("a", "price", "legal")
    every = [wanted("price", "", 1, all_of, must=False), wanted("legal", "bob", 1, all_of, must=False)]
    assert lacking(every, seated(every)) == ("price",)


def test_a_role_that_others_may_sign_for_gives_its_only_person_to_one_that_must() -> None:
    """Two of three: ada alone can sign for money, which nobody can do without."""
    two = row("a", "price", "legal", "tech", quorum=2)
    must = row("b", "tech", "money")
    family = [
        wanted("price", "ada", 1, two, must=False),
        wanted("legal", "bob", 1, two, must=False),
        wanted("tech", "ada eve", 1, two, must),
        wanted("money", "ada eve", 1, must),
    ]
    found = seated(family)
    assert lacking(family, found) == ()
    assert {found["tech"], found["money"]} == {("ada",), ("eve",)}
    assert (found.get("price", ()), found["legal"]) == ((), ("bob",))


# --- what a check asks people ---


def sent(*checks: object, offering: Offering | None = None) -> list[tuple[str, tuple[str, ...]]]:
    rules = policy(offering=offering or Offering())
    return [(one.id, one.roles) for one in routed(Checklist("c", checks), rules)]  # type: ignore[arg-type]


REVIEW = FeasibleRow("odd", (), Feasible.REVIEW, role="tech")
SOLD = Product("DP", "Data Platform", frozenset({"dp"}), lead_days=10)


def test_a_check_sends_a_deal_to_the_roles_that_it_names_and_to_no_others() -> None:
    assert sent(RequiredData("d", (), unknown_goes_to="ops"), RequiredData("e", ()), Deviations("f")) == [
        ("check required-data/unknown-because", ("ops",))
    ]
    assert sent(Capacity("c", "start_date", role="ops"), Capacity("d", "start_date")) == [
        ("check capacity/full", ("ops",))
    ]
    assert list(routed(None, policy())) == []


@pytest.mark.parametrize(("answer", "asks"), [("YES", 0), ("CHANGED", 1), ("REVIEW", 1), ("NO", 0)])
def test_only_an_answer_between_yes_and_no_takes_a_person(answer: str, asks: int) -> None:
    one = replace(REVIEW, answer=Feasible[answer])
    assert sent(Feasibility("f", (one,))) == [("check feasibility/odd", ("tech",))] * asks
    assert sent(Feasibility("f", (replace(one, role=None),))) == []
    rest = Feasibility("f", (), otherwise=Feasible[answer], role="ops")
    assert sent(rest) == [("check feasibility/otherwise", ("ops",))] * asks
    assert sent(replace(rest, role=None)) == []


@pytest.mark.parametrize(
    ("offering", "asks"),
    [
        (Offering(start="start_date", lead_days=5), 1),
        (Offering((SOLD,), start="start_date"), 1),
        (Offering((replace(SOLD, lead_days=None),), start="start_date"), 0),
        (Offering((SOLD,), lead_days=5), 0),
    ],
)
def test_a_lead_time_takes_a_person_where_the_offering_has_one(offering: Offering, asks: int) -> None:
    found = sent(Feasibility("f", (), role="ops"), offering=offering)
    assert found == [("check feasibility/lead-time", ("ops",))] * asks
    assert sent(Feasibility("f", ()), offering=offering) == []


# --- rows together ---

LEGAL = {"roles": ("roles:\n", ROLES)}


def together(rows: str, **changes: tuple[str, str]) -> list[str]:
    return [one for one in told(rows, **{**LEGAL, **changes}) if "and then" in one]


@pytest.mark.parametrize("roles", ["[legal, finance]", "[operations, finance]"])
def test_a_set_of_rows_is_told_once_and_not_again_with_more_rows(roles: str) -> None:
    more = PAIRS + f'      - {{id: vast, amount: "> 200,000", sign-off: {roles}}}\n'
    said = together(SMALL + BIG + more)
    assert said[0].startswith("rows commercial/far (policy.yaml:30) and commercial/dear")
    assert not any("far" in one and "dear" in one for one in said[1:])


def test_what_is_too_large_for_a_gate_is_said_of_the_gate() -> None:
    text = BASE.replace(ROWS, f"    rows:\n{SMALL}{BIG}{PAIRS}").replace(*LEGAL["roles"])
    gate = [one for one in prove(load(text, "policy.yaml"), most=3) if one.path]
    assert [(one.kind, one.path, one.checked) for one in gate] == [(Kind.NOT_PROVED, "gates.contract", 3)]


def test_two_rows_with_the_same_right_to_stop_are_told_of_once() -> None:
    rows = SMALL.replace("decides: sales", "veto: law") + BIG.replace("operations}", "operations, veto: law}")
    law = {"roles": ("roles:\n", "roles:\n  law: {holders: [mia]}\n")}
    (said,) = told(rows, **law)
    assert said.startswith("row small (policy.yaml:27): a deal that Mia de Vries owns needs Law")


def test_a_role_that_the_policy_does_not_name_is_missed_by_the_loader_and_not_here() -> None:
    gone = Row("x", (), Ruling.SIGN_OFF, ("gone",))
    assert list(Signing(policy()).short(asked((gone,), policy()))) == []


def test_what_is_forbidden_waits_for_nobody() -> None:
    never = PAIRS + '      - {id: never, discount: "> 20%", amount: "> 90,000", forbidden: No.}\n'
    assert together(SMALL + BIG + never) == []
    seldom = PAIRS + '      - {id: never, discount: "> 40%", amount: "> 90,000", forbidden: No.}\n'
    assert len(together(SMALL + BIG + seldom)) == 1


def test_of_a_matrix_in_which_one_row_answers_no_two_rows_hold_a_deal_together() -> None:
    (said,) = told(SMALL + BIG.replace("> 10%", "(10%..20%]") + PAIRS, hit="unique", **LEGAL)
    assert said.endswith("and `hit: unique` allows one; let them exclude each other")


def test_rows_outside_of_the_gates_scope_hold_none_of_its_deals() -> None:
    apac = PAIRS.replace("far, ", "far, region: APAC, ").replace("dear, ", "dear, region: APAC, ")
    inputs = "discount, amount, region"

    def held(region: str) -> list[str]:
        scope = ("authority: commercial}", f"authority: commercial, scope: {{region: [{region}]}}}}")
        found = told(SMALL + BIG + apac, inputs=inputs, scope=scope, **LEGAL)
        return [one for one in found if "and then" in one]

    assert len(held("APAC")) == len(held("EMEA, APAC")) == 1
    assert held("EMEA") == []


def test_rows_in_a_currency_that_has_no_rate_hold_no_deal_of_another() -> None:
    dollars = PAIRS.replace("> 90,000", "> USD 90,000")
    (said,) = together(SMALL + BIG + dollars)
    assert "USD" in said
