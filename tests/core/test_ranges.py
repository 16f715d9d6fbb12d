"""The clear range: every point of it is clear, and it could not be larger. Held by the engine itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector import gates, ranges
from connector.context import BADGE
from connector.deals import Deal, OurField, Value
from connector.policy.cells import compile_cell
from connector.policy.model import (
    Bound,
    Checklist,
    Derived,
    Field,
    FieldType,
    HitPolicy,
    Home,
    Mode,
    Policy,
    PriceBase,
    RequiredData,
    RequiredField,
    Row,
    Ruling,
    Weight,
    Worse,
)
from connector.signoffs.drift import within
from connector.standing import Clearance, ClearedHow, Signoff, SignoffState, Standing
from connector.verdicts import Range, Verdict
from tests.core import world
from tests.core.world import NOW, context, deal, gate, line, matrix, request

SHOWS = BADGE | {OurField.CLEAR_RANGE, OurField.DETAIL}
FIELDS = {
    **world.FIELDS,
    "close-date": Field("close-date", "close date", FieldType.DATE),
    "discount": Field(
        "discount", "discount", FieldType.PERCENT, Home.DERIVED, rep_may_change=True,
        worse=Worse.HIGHER, derived=Derived.DISCOUNT, of=PriceBase.AMOUNT,
    ),
    "term": Field("term", "term", FieldType.NUMBER),
    "delivery": Field("delivery", "delivery", FieldType.DATE),
}  # fmt: skip
LIST = Decimal(48000)
NOTHING = Standing()


def row(name: str, ruling: Ruling, roles: Iterable[str] = (), **cells: str) -> Row:
    compiled = (compile_cell(cell, FIELDS[field], "EUR") for field, cell in cells.items() if cell != "-")
    return Row(name, tuple(compiled), ruling, tuple(roles))


def policy(*rows: Any, hit: HitPolicy = HitPolicy.COLLECT, **changes: Any) -> Policy:
    known: dict[str, Any] = {
        "fields": FIELDS,
        "matrices": {"rules": matrix("rules", *rows, hit=hit)},
        "checklists": {"none": Checklist("none", ())},
    }
    made = gate(matrices=("rules",), checklist="none")
    return world.policy(*changes.pop("gates", (made,)), **{**known, **changes})


def judged(one: Deal, rules: Policy, standing: Standing = NOTHING) -> Verdict:
    return gates.assess(one, rules, context(standing=standing, shows=SHOWS), NOW)


def clear(one: Deal, rules: Policy, values: Mapping[str, Value], standing: Standing = NOTHING) -> bool:
    changed = replace(one, values={**one.values, **values})
    verdict = gates.assess(changed, rules, context(standing=standing), NOW)
    return all(held.clear for held in verdict.gates if held.mode is Mode.BLOCK)


def bounds(found: Range | None) -> dict[str, tuple[Any, Any]]:
    assert found is not None
    return {one.field: (one.low, one.high) for one in found.bounds}


def priced(amount: Decimal | int, **values: Value) -> Deal:
    return deal(
        values={"amount": Decimal(amount), "close-date": date(2026, 12, 20), "term": Decimal(12), **values}
    )


TEN = (
    row("small", Ruling.SALES, discount="<= 10%"),
    row("more", Ruling.SIGN_OFF, ["operations"], discount="> 10%"),
)


def test_sales_own_authority_is_a_lowest_amount() -> None:
    assert bounds(judged(priced(45000), policy(*TEN)).range) == {"amount": (Decimal(43200), None)}


def test_a_deal_that_is_not_clear_gets_the_range_that_one_change_reaches() -> None:
    verdict = judged(priced(40000), policy(*TEN))
    assert not verdict.gates[0].clear
    assert bounds(verdict.range) == {"amount": (Decimal(43200), None)}


def test_an_approval_widens_the_range_and_ends_it() -> None:
    yes = request(
        state=SignoffState.APPROVED, decided_by="anna", decided_at=NOW, valid_until=date(2027, 1, 31),
        envelope=(Bound("discount", high=Decimal(18)),), seen={"discount": Decimal(15)},
    )  # fmt: skip
    verdict = judged(priced(41000), policy(*TEN), Standing(signoffs=(yes,)))
    assert bounds(verdict.range) == {"amount": (LIST * 82 / 100, None)}
    assert verdict.range is not None
    assert verdict.range.until == date(2027, 1, 31)


def test_sales_own_authority_needs_no_end() -> None:
    old = request(
        state=SignoffState.APPROVED, decided_by="anna", decided_at=NOW, valid_until=date(2026, 11, 1),
        envelope=(Bound("discount", high=Decimal(18)),), seen={"discount": Decimal(15)},
    )  # fmt: skip
    found = judged(priced(45000), policy(*TEN), Standing(signoffs=(old,))).range
    assert found is not None
    assert found.until is None


def test_nothing_that_can_be_changed_in_the_save_clears_a_forbidden_product() -> None:
    rules = policy(row("never", Ruling.FORBIDDEN, region="EMEA"))
    assert judged(priced(45000), rules).range is None


def test_a_matrix_without_limits_is_open_on_all_sides() -> None:
    rules = policy(row("any", Ruling.SALES, discount="-"))
    assert judged(priced(45000), rules).range == Range()


def test_a_close_date_may_always_go_out() -> None:
    rules = policy(
        row("soon", Ruling.SALES, **{"close-date": "[2026-12-01..2026-12-31]"}),
        row("late", Ruling.SIGN_OFF, ["operations"], **{"close-date": "> 2026-12-31"}),
        row("past", Ruling.SIGN_OFF, ["operations"], **{"close-date": "< 2026-12-01"}),
    )
    assert bounds(judged(priced(45000), rules).range) == {"close-date": (date(2026, 12, 1), None)}


def test_a_start_that_is_written_as_the_last_day_of_all_is_judged_like_any_other() -> None:
    late = row("late", Ruling.SIGN_OFF, ["operations"], delivery=">= 9999-12-31")
    rules = policy(row("usual", Ruling.SALES, delivery="< 9999-12-31"), late)

    found = judged(deal(values={"delivery": date.max}), rules)

    assert bounds(found.range)["delivery"][1] == date.max - timedelta(days=1)


def test_a_number_that_is_none_leaves_the_field_out_of_the_range() -> None:
    rules = policy(
        row("usual", Ruling.SALES, term="<= 12"), row("long", Ruling.SIGN_OFF, ["operations"], term="> 12")
    )
    assert judged(deal(values={"term": Decimal("NaN")}), rules).range is None


def test_limits_that_are_no_whole_cents_are_rounded_inwards() -> None:
    rules = policy(
        row("small", Ruling.SALES, discount="<= 3.333333%"),
        row("more", Ruling.SIGN_OFF, ["operations"], discount="> 3.333333%"),
    )
    ((low, _),) = bounds(judged(priced(48000), rules).range).values()
    assert low == Decimal("46400.01")
    assert clear(priced(48000), rules, {"amount": low})
    assert not clear(priced(48000), rules, {"amount": low - Decimal("0.01")})


def test_a_crm_without_ranges_is_not_computed_any() -> None:
    verdict = gates.assess(priced(45000), policy(*TEN), context(), NOW)
    assert (verdict.range, verdict.open_now) == (None, ())


def test_a_later_gate_that_is_not_clear_leaves_the_earlier_stage_open() -> None:
    """One range cannot hold both; the badge says Ready for the first, so its stage must not be shut."""
    closing = gate("won", "closedwon", checklist="won", matrices=())
    rules = policy(
        *TEN,
        gates=(gate(matrices=("rules",), checklist="none"), closing),
        checklists={
            "none": Checklist("none", ()),
            "won": Checklist("won", (RequiredData("data", (RequiredField("start_date"),)),)),
        },
    )
    waiting = judged(priced(45000, start_date=None), rules)
    assert waiting.blocked_stages == ("contract", "closedwon")
    assert (waiting.open_now, waiting.range) == (("contract",), None)
    ready = judged(priced(45000), rules)
    assert (ready.open_now, bounds(ready.range)) == ((), {"amount": (Decimal(43200), None)})


def test_a_range_is_one_text_and_comes_back_from_it() -> None:
    found = Range(
        (Bound("amount", Decimal("43200.50")), Bound("start_date", date(2027, 3, 2))), date(2027, 1, 31)
    )
    text = ranges.write(found)
    assert text == '{"amount":["43200.5",null],"start_date":["2027-03-02",null],"until":"2027-01-31"}'
    back = ranges.read(text)
    assert back is not None
    assert ranges.write(back) == text
    assert (ranges.write(None), ranges.read("")) == ("", None)
    assert ranges.write(Range()) == "{}"
    assert ranges.read("{}") == Range()


def test_what_another_gate_agreed_to_is_no_limit_of_this_one() -> None:
    agreed = request(
        gate="proposal", state=SignoffState.APPROVED, decided_by="anna", decided_at=NOW,
        envelope=(Bound("discount", high=Decimal(18)),), seen={"discount": Decimal(15), "term": Decimal(6)},
    )  # fmt: skip
    passed = Clearance("proposal", ClearedHow.PASSED, NOW, "v1", {"term": Decimal(6)})
    standing = Standing(signoffs=(agreed,), clearances={"proposal": passed})
    flags = gate("proposal", mode=Mode.FLAG, move_back=False, matrices=(), checklist="none")
    rules = policy(*TEN, gates=(flags, gate(matrices=("rules",), checklist="none")))
    assert bounds(judged(priced(45000), rules, standing).range) == {"amount": (Decimal(43200), None)}


def test_what_a_passed_gate_saw_is_a_limit_of_the_stages_behind_it() -> None:
    """Where it changes the gate is open again, and so is every stage behind it (design 1.6)."""
    closing = gate("won", "closedwon", matrices=(), checklist="none")
    rules = policy(
        row("usual", Ruling.SALES, term="<= 12"),
        row("long", Ruling.SIGN_OFF, ["operations"], term="> 12"),
        gates=(gate(matrices=("rules",), checklist="none"), closing),
    )
    passed = Clearance("contract", ClearedHow.PASSED, NOW, "v1", {"term": Decimal(20)})
    there = replace(priced(45000, term=Decimal(20)), stage="contract")
    found = judged(there, rules, Standing(clearances={"contract": passed}))
    assert found.blocked_stages == ("closedwon",)
    assert bounds(found.range) == {"term": (Decimal(20), Decimal(20))}


def test_without_a_list_price_no_amount_stands_for_a_discount() -> None:
    unlisted = replace(priced(45000), line_items=(replace(line(), list_price=None),))
    rules = policy(*TEN, row("long", Ruling.SIGN_OFF, ["operations"], term="> 12"))
    assert judged(unlisted, rules).range is None


def test_a_computed_number_that_no_amount_changes_is_no_limit_of_the_amount() -> None:
    custom = row("custom", Ruling.SIGN_OFF, ["operations"], not_offered="> 3")
    assert bounds(judged(priced(45000), policy(*TEN, custom)).range) == {"amount": (Decimal(43200), None)}


def test_the_nearest_change_of_one_field_is_where_the_range_begins() -> None:
    rules = policy(
        row("usual", Ruling.SALES, term="[12..24]"),
        row("short", Ruling.SIGN_OFF, ["operations"], term="< 12"),
        row("long", Ruling.SIGN_OFF, ["operations"], term="> 24"),
        row("cheap", Ruling.SIGN_OFF, ["operations"], discount="> 10%"),
    )
    both = {"term": (Decimal(12), Decimal(24)), "amount": (Decimal(43200), None)}
    for term in (6, 12, 24, 30):
        assert bounds(judged(priced(45000, term=Decimal(term)), rules).range) == both
    assert bounds(judged(priced(40000), rules).range) == both
    assert judged(priced(40000, term=Decimal(6)), rules).range is None  # two fields are wrong


def test_a_field_that_is_worse_when_it_rises_has_a_highest_value_alone() -> None:
    rules = policy(
        row("few", Ruling.SALES, number_of_users="[10..100]"),
        row("many", Ruling.SIGN_OFF, ["operations"], number_of_users="> 100"),
        row("fewer", Ruling.SALES, number_of_users="< 10"),
    )
    assert bounds(judged(priced(45000), rules).range) == {"number_of_users": (None, Decimal(100))}


def test_a_range_ends_with_the_first_of_the_answers_that_it_rests_on() -> None:
    def yes(name: str, until: date, **changes: Any) -> Signoff:
        return request(
            name, state=SignoffState.APPROVED, decided_by="anna", decided_at=NOW, valid_until=until,
            envelope=(Bound("discount", high=Decimal(18)),), seen={"discount": Decimal(15)}, **changes,
        )  # fmt: skip

    rules = policy(
        row("small", Ruling.SALES, discount="<= 10%"),
        row("more", Ruling.SIGN_OFF, ["operations", "sales-manager"], discount="> 10%"),
    )
    first, second = date(2027, 1, 31), date(2027, 2, 28)
    standing = Standing(signoffs=(yes("operations", second), yes("sales-manager", first, asked=("eva",))))
    found = judged(priced(41000), rules, standing).range
    assert bounds(found) == {"amount": (LIST * 82 / 100, None)}
    assert found is not None
    assert found.until == first


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Range((Bound("term", Decimal("1E+3"), Decimal("-0.50")),)), '{"term":["1000","-0.5"]}'),
        (Range((Bound("b", Decimal(1)), Bound("a", high=Decimal(10)))), '{"a":[null,"10"],"b":["1",null]}'),
        (Range((), date(2027, 1, 31)), '{"until":"2027-01-31"}'),
    ],
)
def test_a_range_is_written_in_the_order_of_its_fields_and_in_plain_numbers(found: Range, text: str) -> None:
    assert ranges.write(found) == text
    back = ranges.read(text)
    assert back is not None
    assert {one.field: (one.low, one.high) for one in back.bounds} == {
        one.field: (one.low, one.high) for one in found.bounds
    }
    assert back.until == found.until


# The law: on the grid of all limits, their neighbours and points between.

_AMOUNT = [Decimal(n) for n in (24000, 36000, 38400, 40000, 43200, 48000, 60000)]
_TERM = [Decimal(n) for n in (1, 6, 12, 24)]
_DATE = [date(2026, 12, day) for day in (1, 5, 12, 20)]
_CELLS = {
    "discount": ["<= 10%", "> 10%", "(10%..20%]", "> 20%", "< 0%", "-"],
    "amount": ["< 40,000", ">= 40,000", "[24,000..43,200)", "> 60,000", "-"],
    "term": ["<= 12", "> 12", "[6..24]", "< 6", "-"],
    "delivery": ["< 2026-12-05", ">= 2026-12-05", "[2026-12-05..2026-12-20]", "-"],
}
_RULINGS = [
    (Ruling.SALES, ()),
    (Ruling.SALES, ()),
    (Ruling.SIGN_OFF, ("operations",)),
    (Ruling.SIGN_OFF, ("founder",)),
    (Ruling.FORBIDDEN, ()),
    (Ruling.NOTIFY, ("operations",)),
]


@st.composite
def rows(draw: st.DrawFn) -> list[Any]:
    names = draw(st.lists(st.sampled_from(sorted(_CELLS)), min_size=1, max_size=2, unique=True))
    made = []
    for place in range(draw(st.integers(1, 5))):
        cells = {name: draw(st.sampled_from(_CELLS[name])) for name in names}
        ruling, roles = draw(st.sampled_from(_RULINGS))
        made.append(row(f"r{place}", ruling, roles, **cells))
    return made


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    if draw(st.booleans()):
        return Standing()
    limit = Decimal(draw(st.sampled_from([12, 18, 25])))
    yes = request(
        role=draw(st.sampled_from(["operations", "founder"])), state=SignoffState.APPROVED,
        decided_by=draw(st.sampled_from(["anna", "ruth"])), decided_at=NOW,
        envelope=(Bound("discount", high=limit),), seen={"discount": limit, "term": Decimal(12)},
    )  # fmt: skip
    return Standing(signoffs=(yes,))


def grid(limits: Iterable[Any], step: Any) -> list[Any]:
    return sorted({point for limit in limits for point in (limit - step, limit, limit + step)})


GRID = {
    "amount": grid(_AMOUNT, Decimal("0.01")),
    "term": grid(_TERM, Decimal("0.0001")),
    "delivery": grid(_DATE, timedelta(days=1)),
}
STEP = {"amount": Decimal("0.01"), "term": Decimal("0.0001"), "delivery": timedelta(days=1)}


def read_by(rules: Policy) -> list[str]:
    inputs = set(rules.matrices["rules"].inputs)
    return [name for name in GRID if name in inputs or (name == "amount" and "discount" in inputs)]


def points(
    names: list[str], found: Range, *, beyond: tuple[str, int] | None = None
) -> Iterator[dict[str, Value]]:
    """Yield the grid's points inside the range; with `beyond`, those one step outside one of its faces."""
    spans = {}
    for name in names:
        held = next((one for one in found.bounds if one.field == name), Bound(name))
        inside = [value for value in GRID[name] if within(held, value)]
        inside += [edge for edge in (held.low, held.high) if edge is not None]
        spans[name] = sorted(set(inside))
        if beyond and beyond[0] == name:
            edge, way = (held.low, -STEP[name]) if beyond[1] < 0 else (held.high, STEP[name])
            spans[name] = [edge + way]  # type: ignore[operator]
    for values in product(*spans.values()):
        yield dict(zip(spans, values, strict=True))


@settings(max_examples=40, deadline=None)
@given(
    rows(),
    st.sampled_from(list(HitPolicy)),
    st.sampled_from(_AMOUNT),
    st.sampled_from(_TERM),
    st.sampled_from(_DATE),
    standings(),
)
def test_every_point_of_the_range_is_clear_and_no_face_could_go_further(
    made: list[Any], hit: HitPolicy, amount: Decimal, term: Decimal, close: date, standing: Standing
) -> None:
    rules = policy(*made, hit=hit)
    one = priced(amount, term=term, delivery=close)
    verdict = judged(one, rules, standing)
    found, standing = verdict.range, gates.after(standing, one, verdict)  # what is asked now is on record
    answered = ["amount", "term"] if standing.signoffs else []
    names = list(dict.fromkeys((*read_by(rules), *answered)))
    if found is None:
        changes = [{name: value} for name in names for value in GRID[name]]
        assert not any(clear(one, rules, change, standing) for change in changes)
        return
    assert all(clear(one, rules, point, standing) for point in points(names, found))
    for held in found.bounds:
        for way, edge in ((-1, held.low), (1, held.high)):
            if edge is not None:
                outside = points(names, found, beyond=(held.field, way))
                assert not all(clear(one, rules, point, standing) for point in outside), (held, way)


@pytest.mark.parametrize("known", [one for one in FIELDS.values() if one.home is Home.DEAL])
def test_only_numbers_and_dates_that_count_are_ranged(known: Field) -> None:
    kinds = {FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT, FieldType.DATE}
    counts = known.weight is not Weight.IGNORE or known.name in {"amount", "close-date"}
    assert ranges.ranged(known) is (known.type in kinds and counts)
