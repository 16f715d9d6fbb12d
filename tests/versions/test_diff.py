"""The difference of two policies in words, and the deals that witness it."""

import json
from pathlib import Path

import pytest

from connector import authority
from connector.commands.demo import policy
from connector.policy.load import load
from connector.policy.model import Policy
from connector.versions.answer import Direction, of_needs, words
from connector.versions.diff import changes
from connector.versions.outline import outline
from connector.versions.witness import witnesses

ROOT = Path(__file__).parents[2]
COMPANY = policy("company").read_text(encoding="utf-8")
OLD = load(COMPANY, "old.yaml")


def new(*changes_: tuple[str, str]) -> Policy:
    text = COMPANY
    for was, now in changes_:
        assert was in text, was
        text = text.replace(was, now)
    return load(text, "new.yaml")


def said(after: Policy, before: Policy = OLD) -> list[str]:
    return [one.words for one in changes(before, after)]


GATE = "mode: block, move-back: true,\n     checklist: contract"
ROW = '      - {id: large, discount: "(20%..30%]", sign-off: founder}\n'


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ('"<= 10%", decides', '"<= 12%", decides', "row small, discount: <= 10% -> <= 12% (looser)"),
        ('"<= 10%", decides', '"<= 8%", decides', "row small, discount: <= 10% -> <= 8% (tighter)"),
        ('"> 30%", forbidden', '"> 40%", forbidden', "row never, discount: > 30% -> > 40% (looser)"),
        ('(10%..20%]", sign-off: operations', '(10%..20%]", decides: sales', "Sales decides (looser)"),
        ('(10%..20%]", sign-off: operations', '(10%..20%]", sign-off: founder', "sign-off founder"),
        (ROW, "", "row large: removed: discount (20%..30%], sign-off founder (looser)"),
        (GATE, GATE.replace("block, move-back: true", "flag"), "gate contract, mode: block -> flag (looser)"),
        (GATE, GATE.replace("true", "false"), "gate contract, move-back: yes -> no (looser)"),
        ("fields: [delivery-address, number-of-users, start-date]", "fields: [delivery-address, start-date]", "(looser)"),
        ("holders: [ruth-klein]", "holders: [ruth-klein, eva-lang]", "role founder, holders: ruth-klein -> "),
        ("    - {sku: TR-CLASS, name: Training Class, list-price: \"2,400\"}\n", "", "(tighter)"),
        ("answer-hours: 8", "answer-hours: 4", "calendar answer-hours: 8 -> 4"),
    ],
)  # fmt: skip
def test_a_change_is_said_with_its_direction(was: str, now: str, words: str) -> None:
    told = said(new((was, now)))
    assert any(words in one for one in told), told


def test_a_limit_that_moves_is_a_witness_at_the_limit() -> None:
    after = new(('"<= 10%", decides', '"<= 12%", decides'), ('"(10%..20%]"', '"(12%..20%]"'))
    found = witnesses(OLD, after)
    assert found.whole
    assert {one.direction for one in found.found} == {Direction.LOOSER}
    first = next(one for one in found.found if one.gate == "contract")
    assert first.words.startswith("discount 10.01 %")
    assert first.words.endswith("Operations signs -> nobody is needed")


def test_every_witness_is_answered_as_it_says() -> None:
    after = new(('"(10%..20%]", sign-off: operations', '"(10%..20%]", sign-off: founder'), ('"> 0"', '"> 1"'))
    found = witnesses(OLD, after).found
    assert found
    for one in found:
        for side, told in ((OLD, one.was), (after, one.now)):
            gate = next(gate for gate in side.gates if gate.id == one.gate)
            needs = authority.needs(side, gate, one.deal.values, "EUR")
            assert words(of_needs(needs, side.roles), side) == told
        assert one.was != one.now


def test_order_and_comments_are_no_change() -> None:
    assert said(new(("currency: EUR\n\nfields", "# a comment\ncurrency: EUR\n\n\nfields"))) == []
    assert witnesses(OLD, OLD).found == ()


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_outline_of_a_policy_is_made_of_what_is_written(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    one, other = load(text, "one.yaml"), load(f"# moved down\n\n{text}", "other.yaml")
    assert said(other, one) == []
    assert " at 0x" not in json.dumps(outline(one))
    assert witnesses(one, other).found == ()


def test_a_budget_that_is_spent_is_said() -> None:
    assert not witnesses(OLD, OLD, most=3).whole


MACHINES = (ROOT / "examples" / "machine-builder.yaml").read_text(encoding="utf-8")
TABLE = "fast-200, product: FP-200, speed: "


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ([("fields: [voltage, product-weight", "fields: [product-weight")],
         "required-data looser: no voltage: held: voltage not known -> nobody is needed"),
        ([("field: delivery-date, may-be", "field: down-payment, may-be")],
         "required-data tighter: no down payment: nobody is needed -> held: down payment not known"),
        ([(f'{TABLE}"> 200"', f'{TABLE}"> 250"')],
         "delivery date in 210 days: held: feasibility says not-feasible -> nobody is needed"),
        ([("otherwise: feasible\n", "otherwise: needs-review\n")], "nobody is needed -> Engineering signs"),
        ([("requires: [FEED]", "requires: [FEED, SPARE]")],
         "nobody is needed -> held: feasibility says requires"),
        ([("lead-time-days: 150", "lead-time-days: 100")],
         "delivery date in 149 days: Engineering signs -> nobody is needed"),
        ([("list-price: 310000", "list-price: 400000")],
         "authority tighter: Flow packer 400 at EUR 310,000, penalty for delay 2.5 %"),
        ([("mode: block", "mode: flag")], "(The owner signs): stopped -> shown, not stopped"),
        ([("mode: block", "mode: block, scope: {voltage: [400 V]}")],
         "voltage other than 400 V (The owner signs): stopped -> no gate"),
        ([("stage: Order", "stage: Contract"), ("due: Order", "due: Contract")],
         "stopped at Order of Machines -> stopped at Contract of Machines"),
        ([("{id: order, pipe", "{id: sale, pipe"), ("gate: order", "gate: sale")],
         "no gate -> stopped at Order of Machines"),
        ([("mode: block", "mode: block, move-back: true")],
         "moved there all the same (The owner signs): stays where it is -> is moved back"),
    ],
)  # fmt: skip
def test_each_part_of_a_gate_has_a_deal_that_shows_its_change(
    changed: list[tuple[str, str]], told: str
) -> None:
    text = MACHINES
    for was, now in changed:
        assert was in text, was
        text = text.replace(was, now)
    found = witnesses(load(MACHINES, "old.yaml"), load(text, "new.yaml"))
    said = [f"{one.part} {one.direction}: {one.words}" for one in found.found]
    assert any(told in one for one in said), said


@pytest.mark.parametrize(
    ("was", "now", "change", "turn"),
    [
        ("", "switch: {mode: flag, on: 2027-01-01}", "gate contract, switch: added: 2027-01-01 flag (looser)",
         "stopped -> stopped; shown, not stopped from 1 January 2027"),
        ("switch: {mode: flag, on: 2027-01-01}", "switch: {mode: flag, on: 2027-02-01}",
         "gate contract, switch, 2027-01-01: removed: flag",
         "stopped; shown, not stopped from 1 January 2027 -> stopped; shown, not stopped from 1 February 2027"),
        ("switch: {mode: flag, on: 2027-01-01}", "", "gate contract, switch: removed: 2027-01-01 flag (tighter)",
         "stopped; shown, not stopped from 1 January 2027 -> stopped"),
    ],
)  # fmt: skip
def test_a_planned_switch_of_mode_is_said_with_its_day(was: str, now: str, change: str, turn: str) -> None:
    old, after = (new((GATE, f"{one + ', ' if one else ''}{GATE}")) for one in (was, now))
    assert any(one.startswith(change) for one in said(after, old)), said(after, old)
    found = [one.words for one in witnesses(old, after).found if one.part == "gate"]
    assert any(one.endswith(turn) for one in found), found


def test_words_that_every_policy_has_are_no_change_of_its_fields() -> None:
    """They come and go with the rules that speak of them."""
    told = said(
        new(("    - deviations\n  closing", "  closing"), ("    - deviations\n\nauthority", "\nauthority"))
    )
    assert told == [
        "checklist contract, deviations: removed: as it comes (looser)",
        "checklist closing, deviations: removed: as it comes (looser)",
    ]


def test_no_deal_is_made_up_with_a_number_that_nobody_has() -> None:
    after = new(('"<= 10%", decides', '"<= 12%", decides'), ('"(10%..20%]"', '"(12%..20%]"'))
    assert not [one.words for one in witnesses(OLD, after).found if "-1" in one.words]
