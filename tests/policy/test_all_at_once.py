"""Whoever writes a policy mends it in one go: a mistake hides no other one."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.policy.samples import BASE, problems

MACHINES = (Path(__file__).parents[2] / "examples" / "machine-builder.yaml").read_text()
MISTAKES = (  # each alone is one problem or more; none of them stands inside another one
    ("{field: layout, due: Order}", "{field: layot, due: Order}"),
    ("{field: layout, due: Order}", "{feld: layout}"),
    ("{field: delivery-date, may-be-unknown: false}", "{field: delivery-date, may-be-unknown: perhaps}"),
    ("unknown-goes-to: engineering", "unknown-goes-to: enginering"),
    ("inputs: [product, product-weight, speed, hygiene]", "inputs: [product, product-weight, [speed], hygienic]"),
    ('answered-by: the plant engineer}\n          speed', "answered-by: []}\n          speed"),
    ('product-weight: "> 2,500"', 'product-weight: "over 2,500"'),
    ("id: edge-200, product: FP-200", "id: edge-200, product: FP-2000"),
    ("hygiene: aseptic, answer: needs-review", "hygiene: asptic, answer: needs-review"),
    ("hygiene: wet\n            answer: feasible-with-changes", "hygiene: wet\n            answer: with-changes"),
    ("says: Add the stainless frame", "says: [Add the stainless frame]"),
    ("goes-to: engineering\n    - deviations", "goes-to: [engineering]\n    - deviations"),
    ("{name: minor, up-to: 5000}", "{name: minor, up-to: much}"),
    ("inputs: [discount, contract-value]", "input: [discount, contract-value]"),
    ('discount: "(5%..12%]", sign-off: sales-lead', 'discount: "5%..12%", sign-off: sales-lead'),
    ("id: most, discount: \"(12%..25%]\", sign-off: owner", "id: most, discount: \"(12%..25%]\", sign-off: ownr"),
    ("sign-off: [works, legal]", "sign-off: [works, leagl, {x: y}]"),
    ("veto: {roles: legal, within: 9}", "veto: {roles: leagl, within: soon}"),
    ("attest: {fact: The site has that voltage and a transformer of its own, by: engineering}",
     "attest: {fact: [], by: enginering}"),
    ("authority: [price, terms, site],", "authority: [price, [terms], sites],"),
    ("down-payment: 30%, incoterm: EXW}", "down-payment: thirty, incoterm: [[EXW]]}"),
    ("sign-off: [works, legal, engineering]", "sign-off: [[works], leagl, engineering]"),
    ("excludes: [FP-400]", "excludes: [FP-4000]"),
    ("list-price: 310000", "list-price: dear"),
    ("options: {voltage: [400 V, 480 V, 690 V]}\n      effort: {mechanical: {hours: 400",
     "options: {voltag: [400 V]}\n      effort: {mechanical: {hours: many"),
    ("as-of: 2026-11-02", "as-f: 2026-11-02"),
    ("zone: Europe/", "answer-hours: soon, zone: Europa/"),
)  # fmt: skip


def said(text: str) -> set[str]:
    """Return the problems without their lines, and without what is allowed."""
    return {one.split(": ", 1)[1].partition("; allowed")[0] for one in problems(text)}


def changed(text: str, mistake: tuple[str, str]) -> str:
    assert mistake[0] in text, mistake
    return text.replace(*mistake, 1)


def test_a_table_that_nobody_can_read_is_refused_before_it_takes_minutes() -> None:
    row = '      - {id: usual, discount: "<= 5%", decides: sales}\n'
    many = "".join(row.replace("usual", f"r{place}") for place in range(1_001))
    (told,) = [one for one in problems(MACHINES.replace(row, many)) if "authority" in one]
    assert "authority.price.rows: found a list of 1,005; allowed: at most 1,000" in told


@pytest.mark.parametrize("mistake", MISTAKES, ids=[new[:40] for _, new in MISTAKES])
def test_each_is_a_mistake(mistake: tuple[str, str]) -> None:
    assert said(changed(MACHINES, mistake))


def test_two_mistakes_that_stand_together_are_both_told() -> None:
    for one, other in pairwise(MISTAKES):
        if one[0] != other[0]:
            both = said(changed(changed(MACHINES, one), other))
            for alone in (one, other):
                assert said(changed(MACHINES, alone)) <= both, (one, other)


def test_all_mistakes_are_told_in_one_run() -> None:
    text, wanted = MACHINES, set[str]()
    for mistake in MISTAKES:
        if mistake[0] in text:
            text = changed(text, mistake)
            wanted |= said(changed(MACHINES, mistake))
    assert wanted <= said(text), wanted - said(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("{name: Eva Lang,", "{name: Eva Lang, zone: Nowhere,"), ("email: anna@", "email: eva@")),
        (("{name: Eva Lang,", "{nme: Eva Lang,"), ("email: anna@", "email: eva@")),
        (("holders: owner.manager", "holders: [evy]"), ("chain: delivery", "chain: sales")),
        (("holders: [anna]", "holders: []"), ("chain: delivery", "chain: sales")),
        (("address, type: text", "address, typ: text"), ("hubspot: region", "hubspot: delivery_address")),
        (("currency: EUR", "currency: &c EUR"), ("mode: block", "mode: blok")),
        (("currency: EUR", "currency: !!str EUR"), ("mode: block", "mode: blok")),
        (("label: Operations", "label: *c"), ("mode: block", "mode: blok")),
        (
            ("gates:\n", "waiting: {remind-after: x}\ngates:\n"),
            ("offering:\n", "calendar: {opens: 18, closes: 9}\noffering:\n"),
        ),
    ],
)
def test_what_stands_twice_and_what_yaml_alone_knows_hides_nothing(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    both = said(changed(changed(BASE, one), other))
    for alone in (one, other):
        assert said(changed(BASE, alone))
        assert said(changed(BASE, alone)) <= both


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("id: edge-200, product", "id: [edge-200], product"), ("says: Add the stainless frame", "note: Add the frame")),
        (("not-feasible, says: No flow", "not-feasible, sais: No flow"), ("answer: feasible-with-changes", "answer: [x]")),
        (("goes-to: engineering\n    - deviations", "go-to: engineering\n    - deviations"),
         ("{name: minor, up-to: 5000}", "{name: minor, up-to: much}")),
        (("id: most, discount", "id: [most], discount"), ("(12%..25%]\", sign-off: owner", "(12%..25%]\", says: owner")),
        (("list-price: 310000", "list-price: dear"), ("excludes: [FP-400]", "excludes: [FP-4000]")),
        (("authority: [price, terms, site],", "authority: [price, [terms], site],"),
         ("{field: layout, due: Order}", "{field: layout, due: Ordr}")),
        (("inputs: [discount, contract-value]", "inputs: [[discount], contract-value]"),
         ("(5%..12%]\", sign-off: sales-lead", "(5%..12%]\", says: sales-lead")),
    ],
)  # fmt: skip
def test_a_part_that_is_none_is_looked_at_all_the_same(one: tuple[str, str], other: tuple[str, str]) -> None:
    both = said(changed(changed(MACHINES, one), other))
    for alone in (one, other):
        names = {problem.rpartition(": ")[2] for problem in said(changed(MACHINES, alone))}
        assert names
        assert names <= {problem.rpartition(": ")[2] for problem in both}, (names, both)


def test_hours_that_close_before_they_open_are_told_beside_other_mistakes_of_the_calendar() -> None:
    wrong = "calendar: {zone: Nowhere, opens: 18, closes: 9, quarter-end: {last-days: 99, opens: 20, closes: 8}}\n"
    found = said(changed(BASE, ("gates:\n", f"{wrong}gates:\n")))
    assert {one.partition(": ")[0] for one in found} == {
        "calendar.zone", "calendar.closes", "calendar.quarter-end.last-days", "calendar.quarter-end.closes",
    }  # fmt: skip
    unclear = wrong.replace("opens: 18", "opens: late").replace("opens: 20, ", "")
    found = said(changed(BASE, ("gates:\n", f"{unclear}gates:\n")))
    assert {one.partition(": ")[0] for one in found} == {
        "calendar.zone", "calendar.opens", "calendar.quarter-end.last-days", "calendar.quarter-end.closes",
    }  # fmt: skip


def test_what_hangs_on_a_part_that_nobody_can_read_is_not_held_against_it() -> None:
    due = changed(BASE, ("fields: [delivery-address]", "fields: [{field: delivery-address, due: Order}]"))
    assert any("where no gate stands" in one for one in problems(due))
    unread = problems(f"{due.partition('gates:')[0]}gates: soon\n")
    assert any("gates: found" in one for one in unread)
    assert not any("where no gate stands" in one for one in unread)
    product = changed(BASE, ("list-price: EUR 1000", "list-price: dear, requires: {}, excludes: [DPP]"))
    assert [one.partition(": found")[0] for one in problems(product)] == [
        "policy.yaml:16: offering.products.1.excludes",
        "policy.yaml:16: offering.products.1.list-price",
        "policy.yaml:16: offering.products.1.requires",
    ]


def test_an_alias_is_told_once_and_not_as_what_is_missing_then() -> None:
    assert problems(changed(BASE, ("email: eva@example.com", "email: *mail"))) == [
        "policy.yaml:9: found an anchor or alias (& or *); write the value out, or put the text between quotes"
    ]


def test_people_who_report_in_a_circle_are_told_once() -> None:
    circle = BASE.replace("email: eva@example.com}", "email: eva@example.com, manager: anna}")
    circle = circle.replace("email: anna@example.com}", "email: anna@example.com, manager: mia}")
    assert problems(circle) == [
        "policy.yaml:8: people.mia.manager: found eva, who reports to anna to mia: nobody stands above himself"
    ]
