"""The tree loses nothing, the rep reads no margin, and "you alone" is what the engine says."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import assume, given, settings

from connector import explain, gates
from connector.checks.derived import derive
from connector.deals import Deal, Value
from connector.explain import alone as outside
from connector.explain.nodes import Node
from connector.policy.model import Bound, Field, FieldType, Policy, Ruling, Worse
from connector.proof import prove
from connector.signoffs.drift import within
from connector.signoffs.ground import Ground
from connector.verdicts import Outcome, Readiness, Verdict
from tests.core import world
from tests.core.test_levers import ALL, CELLS, FIELDS, GRID, NEVER, SIGN, deals, made, row, sold, tables
from tests.core.test_levers import policy as rules_of
from tests.core.world import NOW, PIPELINE, context, deal, gate, line

MARGIN = Field("margin", "margin", FieldType.PERCENT, worse=Worse.LOWER, hidden=True)


def case(one: Deal, policy: Policy) -> tuple[Verdict, Ground]:
    around = context()
    facts = derive(one, policy, NOW.date())
    return gates.assess(one, policy, around, NOW), Ground(one, facts, PIPELINE, policy, around, NOW)


def every(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from every(node.children)


def test_every_gate_and_every_row_is_in_the_tree() -> None:
    policy = world.policy()
    verdict, ground = case(deal("contract", 18), policy)
    found = explain.nodes(verdict, ground)
    assert [one.name for one in found] == ["contract", "won"]
    names = {node.name for node in every(found)}
    assert names >= {row.id for name in gate().matrices for row in policy.matrices[name].rows}
    assert {one.outcome for one in every(found)} >= {"skipped", "pass", "sign-off"}
    (asked,) = [one for one in every(found) if one.name == "middle"]
    assert (asked.ops, asked.where) == (
        "Operations decides: 18 % discount is over your 10 %",
        "policy.yaml:middle",
    )
    assert ("discount", "18 %") in asked.seen


def test_what_is_folded_is_counted_and_shown_on_request() -> None:
    verdict, ground = case(deal("contract", 18), world.policy())
    (first, *_) = explain.nodes(verdict, ground)
    short = list(explain.node_lines(first, rep=False, everything=False))
    long = list(explain.node_lines(first, rep=False, everything=True))
    assert any("3 skipped" in one for one in short)
    assert not any(one.strip().startswith("skipped") for one in short)
    assert sum(one.strip().startswith("skipped") for one in long) == 4
    assert len(long) > len(short)


def test_a_gate_that_is_not_for_the_deal_is_skipped_not_lost() -> None:
    other = gate("renewal", "Renewed", pipeline="Renewals", checklist=None, matrices=())
    verdict, ground = case(deal("proposal", 5), world.policy(gate(), other))
    (_, away) = explain.nodes(verdict, ground)
    assert (away.outcome, away.folded, away.rep) == ("skipped", True, "Renewed: not for this deal")


def hiding(**cells: str) -> Policy:
    fields = {**FIELDS, "margin": MARGIN}
    compiled = tuple(world.compile_cell(text, fields[name], "EUR") for name, text in cells.items())
    asked = replace(row("thin", SIGN, ["operations"]), cells=compiled)
    policy = rules_of(ALL, asked, fields=fields)
    matrix = policy.matrices["rules"]
    return replace(policy, matrices={"rules": replace(matrix, inputs=tuple(cells))})


def test_the_rep_reads_no_margin_and_operations_does() -> None:
    verdict, ground = case(sold(18, margin=Decimal("7.5")), hiding(margin="< 20%"))
    assert verdict.readiness is Readiness.NEEDS_SIGN_OFF
    everything = "".join(
        (
            verdict.sentence,
            explain.panel(verdict, ground),
            str([explain.node_json(one, rep=True) for one in explain.nodes(verdict, ground)]),
        )
    )
    assert "7.5" not in everything
    assert "margin" not in verdict.sentence
    ops = str([explain.node_json(one, rep=False) for one in explain.nodes(verdict, ground)])
    assert "7.5 % margin is under 20 %" in ops


def test_beside_a_hidden_field_the_others_are_named() -> None:
    verdict, _ = case(sold(18, margin=Decimal("7.5")), hiding(margin="< 20%", discount="> 10%"))
    assert "18 %" in verdict.sentence
    assert "7.5" not in verdict.sentence


def test_an_unknown_margin_is_not_the_reps_to_hear_of() -> None:
    verdict, _ = case(sold(18), hiding(margin="< 20%"))
    assert verdict.readiness is Readiness.NEEDS_INFO
    assert "margin" not in verdict.sentence


def test_you_alone_in_words() -> None:
    rules = rules_of(
        ALL,
        row("price", SIGN, ["operations"], discount="> 10%"),
        row("dear", SIGN, ["operations"], amount="> 50,000"),
        row("soon", NEVER, start_date="< 2027-03-02"),
    )
    _, ground = case(sold(5), rules)
    assert explain.told(*case(sold(5), rules))["alone"] == (
        "You alone: up to 10 % discount, amount up to EUR 50,000 and start date from 2 March 2027"
    )
    assert outside(rules.gates[0], ground) == (
        Bound("discount", high=Decimal(10)),
        Bound("amount", high=Decimal(50000)),
        Bound("start_date", low=date(2027, 3, 2)),
    )


def test_nothing_is_the_reps_alone_where_a_fact_asks() -> None:
    custom = deal("proposal", 5, line_items=(line(Decimal(5), product=None),))
    assert (
        explain.told(*case(custom, world.policy(gate())))["alone"] == "Nothing here is yours alone to decide"
    )


def free(values: Mapping[str, Value], rules: Policy) -> bool:
    verdict, _ = case(made(values), rules)
    return all(need.ruling in {Ruling.SALES, Ruling.NOTIFY} for need in verdict.gates[0].needs)


@settings(max_examples=60, deadline=None)
@given(tables(), deals())
def test_inside_what_is_the_reps_alone_nobody_is_asked_and_one_step_outside_somebody_is(
    rules: Policy, values: dict[str, Value]
) -> None:
    assume(not prove(rules))
    _, ground = case(made(values), rules)
    found = outside(rules.gates[0], ground)
    names = [name for name in CELLS if name in rules.matrices["rules"].inputs and name != "level"]
    if found is None:
        assert not any(free({**values, name: value}, rules) for name in names for value in GRID[name])
        return
    limits: dict[str, Any] = {one.field: one for one in found}
    inside = [[v for v in GRID[n] if within(limits.get(n, Bound(n)), v)] or [values[n]] for n in names]
    for point in product(*inside):
        assert free({**values, **dict(zip(names, point, strict=True))}, rules)
    worst = {
        n: (span[-1] if FIELDS[n].worse is Worse.HIGHER else span[0])
        for n, span in zip(names, inside, strict=True)
    }
    for name, limit in limits.items():
        beyond = [value for value in GRID[name] if not within(limit, value)]
        assert not any(free({**values, **worst, name: value}, rules) for value in beyond)


def test_outcomes_of_findings_are_those_of_the_tree() -> None:
    verdict, ground = case(deal("contract", 5, values={"delivery_address": None}), world.policy())
    found = [one.outcome for one in every(explain.nodes(verdict, ground))]
    assert found.count(Outcome.FAIL.value) == 2


def test_rules_that_forbid_the_deal_with_long_reasons_are_named_or_counted() -> None:
    """The sentence broke off in the middle, and what was missing besides stood nowhere."""
    words = dict.fromkeys(("region", "service_level", "delivery_address"), "x" * 90)
    tables = {
        name: world.matrix(name, world.row("never", Ruling.FORBIDDEN, **{name: word}))
        for name, word in words.items()
    }
    rules = world.policy(gate(matrices=tuple(tables)), matrices=tables)

    verdict, _ = case(deal("proposal", 5, values={**words, "number_of_users": None}), rules)

    assert verdict.sentence == (
        f"Contract: not possible, because region is {'x' * 90}; and 2 more. Missing: number of users."
    )
