"""What the person who wrote the policy reads: the fault, the deal that shows it, the rows with their lines."""

import re
from typing import Any

from connector.policy.load import load
from connector.proof import Kind, problem, prove
from tests.policy.samples import BASE
from tests.proof.tables import policy, row, table

ROWS = BASE[BASE.index("    rows:\n") : BASE.index("gates:")]


def told(rows: str, **changes: Any) -> list[str]:
    """Return what is wrong with the small policy when its matrix has these rows, without file and path."""
    return [re.split("(?:authority.commercial|gates.contract): ", one)[1] for one in wrong(rows, **changes)]


def wrong(rows: str, *, hit: str = "collect", inputs: str = "discount, amount", **changes: Any) -> list[str]:
    """Return what is wrong with the small policy when its matrix has these rows."""
    text = BASE.replace(ROWS, f"    rows:\n{rows}").replace("hit: collect", f"hit: {hit}")
    text = text.replace("inputs: [discount, amount]", f"inputs: [{inputs}]")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    found = [str(problem(fault)) for fault in prove(load(text, "policy.yaml"))]
    assert all(one.startswith("policy.yaml:") for one in found)
    return found


SMALL = '      - {id: small, discount: "<= 10%", decides: sales}\n'
BIG = '      - {id: big, discount: "> 10%", sign-off: operations}\n'


def test_the_small_policy_is_proved() -> None:
    assert told(SMALL + BIG) == []


def test_a_hole_is_shown_by_a_deal_that_falls_into_it() -> None:
    rows = (
        '      - {id: small, discount: "<= 10%", amount: "<= 50,000", region: EMEA, decides: sales}\n'
        "      - {id: apac, region: not(EMEA), decides: sales}\n"
        '      - {id: rich, region: EMEA, amount: "<= 50,000", discount: "> 10%", sign-off: operations}\n'
    )
    assert told(rows, inputs="discount, amount, region") == [
        "a deal of EUR 60,000 with region EMEA is decided by nobody; write a row for it"
    ]


def test_an_enum_may_get_an_option_that_no_row_names() -> None:
    rows = (
        "      - {id: emea, region: EMEA, decides: sales}\n      - {id: apac, region: APAC, decides: sales}\n"
    )
    said = "a deal with another region than EMEA or APAC is decided by nobody; write a row for it"
    assert told(rows, inputs="region") == [said]


def test_a_matrix_is_proved_for_the_deals_that_its_gates_look_at() -> None:
    """A gate for EMEA alone had to have rows for everybody else."""
    emea = '      - {id: emea, region: EMEA, discount: "<= 10%", decides: sales}\n'
    more = '      - {id: more, region: EMEA, discount: "> 10%", sign-off: operations}\n'
    scope = {"gate": ("checklist: contract,", "checklist: contract, scope: {region: [EMEA]},")}
    assert len(told(emea + more, inputs="discount, region")) == 1
    assert told(emea + more, inputs="discount, region", **scope) == []
    (said,) = told(emea, inputs="discount, region", **scope)
    assert said == "a deal with 15 % discount and region EMEA is decided by nobody; write a row for it"
    apac = "      - {id: apac, region: APAC, decides: sales}\n"
    (said,) = told(emea + more + apac, inputs="discount, region", **scope)
    assert said == "no deal can match row apac (policy.yaml:28); change its cells or take it out"


def test_rows_that_contradict_are_named_with_their_lines() -> None:
    rows = SMALL + '      - {id: big, discount: ">= 10%", sign-off: operations}\n'
    (said,) = told(rows, hit="unique")
    assert said == (
        "rows big (policy.yaml:27) and small (policy.yaml:26) both match a deal with 10 % discount, and"
        " `hit: unique` allows one; let them exclude each other"
    )


def test_a_row_that_no_deal_can_match() -> None:
    rows = SMALL + BIG + '      - {id: none, products-not-offered: "< 0", sign-off: operations}\n'
    (said,) = told(rows, inputs="discount, products-not-offered")
    assert said == "no deal can match row none (policy.yaml:28); change its cells or take it out"


def test_a_row_beside_which_another_always_asks_for_more() -> None:
    rows = SMALL + BIG + '      - {id: idle, discount: "> 20%", decides: sales}\n'
    (said,) = told(rows)
    assert said == (
        "row idle (policy.yaml:28) never counts: wherever it matches, row big (policy.yaml:27) asks for more,"
        " as of a deal with 25 % discount; take it out or change its cells"
    )


def test_a_worse_deal_that_needs_less() -> None:
    rows = (
        BIG.replace("> 10%", "(10%..20%]") + SMALL + SMALL.replace("small", "huge").replace("<= 10%", "> 20%")
    )
    (said,) = told(rows)
    assert said == (
        "a worse deal needs less: a deal with 25 % discount falls to row huge (policy.yaml:28), while a deal"
        " with 20 % discount falls to row big (policy.yaml:26); move the limits, or say `worse: neither` of a"
        " field that has no worse side"
    )


def test_a_role_that_only_the_owner_holds() -> None:
    (said,) = told(SMALL + BIG, anna=("email: anna@example.com}", "email: anna@example.com, manager: eva}"))
    assert said == (
        "row big (policy.yaml:27): a deal that Anna Bos owns needs Operations, held by Anna Bos: too few, since"
        " nobody signs for an own deal or twice"
    )


def test_two_roles_in_one_person_are_one_signature() -> None:
    rows = SMALL + BIG.replace("operations}", "[operations, manager]}")
    eva = ("holders: [anna]", "holders: [eva]")
    (said,) = told(rows, eva=eva)
    assert (
        "a deal that Mia de Vries owns needs Operations and Manager, held by Eva Lang and the owner's" in said
    )
    assert told(rows, eva=("holders: [anna]", "holders: [eva, anna]")) == []


ROLES = "roles:\n  legal: {holders: [eva]}\n  finance: {holders: [anna]}\n"
PAIRS = (
    '      - {id: far, discount: "> 20%", sign-off: [operations, legal]}\n'
    '      - {id: dear, amount: "> 90,000", sign-off: [legal, finance]}\n'
)


def test_two_rows_that_hold_together_need_more_people_than_each_alone() -> None:
    """Both rows found their people, and the deal that both match waited for ever for a third person."""
    (said,) = told(SMALL + BIG + PAIRS, roles=("roles:\n", ROLES))
    assert said == (
        "rows commercial/far (policy.yaml:30) and commercial/dear (policy.yaml:31) both match a deal of"
        " EUR 110,000 with 25 % discount, and then a deal needs Operations, Legal and Finance, held by Anna Bos"
        " and Eva Lang: too few, since nobody signs for an own deal or twice"
    )
    more = ROLES.replace("[anna]", "[anna, mia]")
    owner = ("email: mia@example.com, manager: eva}", "email: mia@example.com}")
    reports = (
        "anna: {name: Anna Bos, email: anna@example.com",
        "tom: {name: Tom, email: t@example.com, manager: eva}\n  anna: {name: Anna Bos, email: anna@example.com",
    )
    assert told(SMALL + BIG + PAIRS, roles=("roles:\n", more), owner=owner, reports=reports) == []
    stopped = PAIRS.replace("sign-off: [legal, finance]", "sign-off: [legal, finance], veto: manager")
    assert stopped != PAIRS
    assert told(SMALL + BIG + stopped, roles=("roles:\n", ROLES)) == [said]  # a right to stop takes no seat
    apart = PAIRS.replace("[legal, finance]", "finance")
    assert told(SMALL + BIG + apart, roles=("roles:\n", ROLES)) == []
    never = PAIRS.replace('amount: "> 90,000"', 'discount: "< 0%"')
    assert not [one for one in told(SMALL + BIG + never, roles=("roles:\n", ROLES)) if "and then" in one]


def test_two_matrices_of_one_gate_need_more_people_than_each_alone() -> None:
    """The finance director signs in the place of finance, and was legal's only holder: the deal waited for ever."""
    roles = (
        "roles:\n  legal: {holders: [eva]}\n  finance: {holders: [eva, anna], chain: money, level: 1}\n"
        "  finance-director: {holders: [eva], chain: money, level: 2}\n"
    )
    pair = '      - {id: far, discount: "> 20%", sign-off: [legal, finance]}\n'
    other = (
        "  size:\n    hit: unique\n    inputs: [amount]\n    rows:\n"
        '      - {id: usual, amount: "<= 90,000", decides: sales}\n'
        '      - {id: dear, amount: "> 90,000", sign-off: finance-director}\ngates:\n'
    )
    size = ("gates:\n", other)
    gate = ("authority: commercial}", "authority: [commercial, size]}")
    (said,) = told(SMALL + BIG + pair, roles=("roles:\n", roles), size=size, gate=gate)
    assert said == (
        "rows commercial/far (policy.yaml:31) and size/dear (policy.yaml:37) both match a deal of EUR 110,000"
        " with 25 % discount, and then a deal needs Legal and Finance director, held by Eva Lang: too few, since"
        " nobody signs for an own deal or twice"
    )
    inside = ("authority: [commercial, size]", "authority: [commercial, size], scope: {region: [EMEA]}")
    assert told(SMALL + BIG + pair, roles=("roles:\n", roles), size=size, gate=gate, scope=inside) == [said]
    more = roles.replace("legal: {holders: [eva]}", "legal: {holders: [eva, anna]}")
    assert told(SMALL + BIG + pair, roles=("roles:\n", more), size=size, gate=gate) == []


def test_a_check_that_sends_a_deal_to_the_owner_alone_is_told() -> None:
    mine = ("unknown-goes-to: operations", "unknown-goes-to: reps")
    reps = ("roles:\n", "roles:\n  reps: {holders: [mia]}\n")
    (said,) = (one for one in wrong(SMALL + BIG, mine=mine, reps=reps))
    assert "checklists.contract: row check required-data/unknown-because (policy.yaml:" in said
    assert "a deal that Mia de Vries owns needs Reps, held by Mia de Vries" in said


def test_a_question_that_rises_to_nobody_is_told() -> None:
    rises = BIG.replace("operations}", "operations, escalate: 8}")
    (said,) = told(SMALL + rises)
    assert said == (
        "row big (policy.yaml:27): `escalate` asks those above Operations (chain delivery), and nobody else"
        " stands there; write a role with a higher `level`, or a `last-resort`, or take `escalate` out"
    )
    above = "roles:\n  founder: {holders: [%s], chain: delivery, level: 2}\n"
    assert len(told(SMALL + rises, roles=("roles:\n", above % "anna"))) == 1
    assert told(SMALL + rises, roles=("roles:\n", above % "eva")) == []
    last = above.replace("chain: delivery, level: 2", "last-resort: true") % "eva"
    assert told(SMALL + rises, roles=("roles:\n", last)) == []


def test_a_backup_signs_where_the_owner_is_the_only_holder() -> None:
    anna = ("email: anna@example.com}", "email: anna@example.com, manager: eva}")
    assert told(SMALL + BIG, anna=anna, role=("holders: [anna]", "holders: [anna], backups: [eva]")) == []


def test_two_signatures_of_one_role_take_two_people_beside_the_owner() -> None:
    two = ("holders: [anna]", "holders: [anna, eva], needs: 2")
    assert told(SMALL + BIG, two=two) == []
    owner = ("email: eva@example.com}", "email: eva@example.com, manager: anna}")
    (said,) = told(SMALL + BIG, two=two, owner=owner)
    assert "a deal that Eva Lang owns needs Operations (2 people), held by Anna Bos and Eva Lang" in said


def test_limits_in_two_currencies_decide_nothing_without_a_rate() -> None:
    rows = (
        '      - {id: eur, amount: "<= EUR 50", decides: sales}\n'
        '      - {id: more, amount: "> EUR 50", sign-off: operations}\n'
        '      - {id: usd, amount: "> USD 50", sign-off: operations}\n'
    )
    found = told(rows)
    assert found[0] == (
        "a deal of EUR 20 is decided by nobody: the limit of row usd (policy.yaml:28) is in another"
        " currency and no exchange rate is known; write a matrix for each currency"
    )


def test_with_a_rate_limits_in_two_currencies_are_proved() -> None:
    rows = (
        '      - {id: small, amount: "<= EUR 50", decides: sales}\n'
        '      - {id: big, amount: "> USD 100", sign-off: operations}\n'
    )
    rates = ("currency: EUR\n", "currency: EUR\nrates: {as-of: 2026-03-16, USD: 0.5}\n")
    assert told(rows, rates=rates) == []
    (hole, *_) = told(
        rows, rates=("currency: EUR\n", "currency: EUR\nrates: {as-of: 2026-03-16, USD: 0.8}\n")
    )
    assert "is decided by nobody" in hole


def test_what_is_too_large_is_said_and_not_passed_over() -> None:
    rules = policy(
        table(*(row(f"r{n}", *_signs(), discount=f"[{n}%..{n + 2}%]", users=f">= {n}") for n in range(20)))
    )
    (*_, last) = prove(rules, most=5)
    assert last.kind is Kind.NOT_PROVED
    assert problem(last).message == "not proved: too many combinations; checked 5. Split the matrix in two"


def _signs() -> tuple[object, tuple[str, ...]]:
    from connector.policy.model import Ruling

    return Ruling.SIGN_OFF, ("low",)


def test_a_right_to_stop_is_no_authority_but_somebody_must_be_there_to_use_it() -> None:
    rows = '      - {id: small, discount: "<= 10%", veto: manager}\n' + BIG
    assert told(rows) == []
    stopped = SMALL.replace("decides: sales", "veto: manager")
    worse = '      - {id: worse, discount: "> 10%", decides: sales}\n'
    assert told(stopped + worse) == []
    (said,) = told(
        rows.replace("manager", "legal"), roles=("roles:\n", "roles:\n  legal: {holders: [mia]}\n")
    )
    assert said.startswith(
        "row small (policy.yaml:27): a deal that Mia de Vries owns needs Legal, held by Mia"
    )


def test_a_fact_to_be_stated_is_no_authority_and_no_other_row_silences_it() -> None:
    fact = '      - {id: fact, discount: "<= 10%", attest: {fact: It fits, by: operations}}\n'
    assert told(fact + '      - {id: more, discount: "> 10%", decides: sales}\n') == []
    every = "      - {id: fact, region: EMEA, attest: {fact: It fits, by: operations}}\n"
    always = '      - {id: all, discount: "-", sign-off: operations}\n'
    assert told(every + always, inputs="discount, region") == []


def test_a_fact_that_the_owner_may_state_needs_nobody_else() -> None:
    fact = "      - {id: fact, region: EMEA, attest: {fact: It fits, by: reps}}\n"
    reps = {"roles": ("roles:\n", "roles:\n  reps: {holders: [mia]}\n")}
    (said,) = told(fact + SMALL + BIG, inputs="discount, region", **reps)
    assert "a deal that Mia de Vries owns needs Reps" in said
    own = fact.replace("by: reps", "by: reps, self: true")
    assert told(own + SMALL + BIG, inputs="discount, region", **reps) == []
