"""The difference of two policies in words, and the deals that witness it."""

import json
from pathlib import Path

import pytest

from connector import authority
from connector.commands.demo import policy
from connector.policy.load import load
from connector.policy.model import Policy
from connector.versions.answer import Direction, of_needs
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
            assert of_needs(authority.needs(side, gate, one.deal, "EUR"), side.roles) == told
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
