"""The three complete examples: they load, prove, come out as written, and no key of theirs is silently read."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from connector import proof
from connector.gates import examples
from connector.policy import editor
from connector.policy.load import load
from connector.policy.model import Mode, Policy, Switch
from connector.policy.source import Source, parse
from tests.policy.samples import BASE, policy, problems, refusal

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
COMPLETE = [path for path in EXAMPLES if path.stem != "minimal"]
# The default run takes a part of the keys; all of them, of all three, in the slow one.
TAKEN_APART = [
    pytest.param(path, every, marks=pytest.mark.slow if every == 1 else (), id=f"{path.stem}-{every}")
    for path in COMPLETE
    for every in (1, 12)
]
FREE = re.compile(r"(fields|people|roles|checklists|authority|terms|effort|options|questions|deal)\.[^.]+$")


@pytest.mark.parametrize("path", EXAMPLES, ids=str)
def test_an_example_policy_is_proved_and_its_examples_come_out_as_written(path: Path) -> None:
    loaded = load(path.read_text(), path.name)
    assert [str(proof.problem(fault)) for fault in proof.prove(loaded)] == []
    assert [str(problem) for problem in examples.failed(loaded, NOW)] == []
    assert len(loaded.examples) >= (path.stem != "minimal") * 5


ODD: list[Any] = [{"x": {"y": "z"}}, [["a"]], ""]


def as_an_editor_reads(text: str) -> Any:
    return yaml.load(text, Loader=Plain)


class Plain(yaml.SafeLoader):
    """YAML as the language servers of editors read it (1.2): dates, yes and on stay texts."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in known if first not in "oOyYnN" or not tag.endswith(":bool")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

Plain.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


@pytest.mark.parametrize("path", EXAMPLES, ids=str)
def test_the_editors_schema_takes_every_example(path: Path) -> None:
    schema = editor.schema()
    Draft202012Validator.check_schema(schema)
    found = [
        f"{list(one.absolute_path)}: {one.message}"
        for one in Draft202012Validator(schema).iter_errors(as_an_editor_reads(path.read_text()))
    ]
    assert found == []


def keys(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    own = [(*path, key) for key in data] if isinstance(data, dict) else []
    return own + [deeper for key, value in inside for deeper in keys(value, (*path, key))]


def misspelt(source: Source, text: str, path: tuple[str | int, ...]) -> str:
    """Return the file with one key written wrongly."""
    lines = text.splitlines()
    at = source.line(path) - 1
    lines[at], count = re.subn(
        rf"(?<![\w-]){re.escape(str(path[-1]))}(?=:)", f"{path[-1]}x", lines[at], count=1
    )
    assert count == 1, (path, lines[at])
    return "\n".join(lines)


@pytest.mark.parametrize(("path", "every"), TAKEN_APART)
def test_every_key_that_is_written_wrongly_is_told_with_its_line(path: Path, every: int) -> None:
    text = path.read_text()
    source = parse(text, path.name)
    schema = Draft202012Validator(editor.schema())
    seen = set()
    for place in keys(source.data):
        kind = tuple(step for step in place if isinstance(step, str))
        if FREE.search(".".join(kind)) or kind in seen:  # a name of the policy's own, or one of its kind
            continue
        seen.add(kind)
        if len(seen) % every:
            continue
        wrong = misspelt(source, text, place)
        error = refusal(wrong)
        assert error is not None, place
        assert any(one.line == source.line(place) for one in error.problems), (place, str(error))
        if kind[0] != "authority" and "rows" not in kind:  # cells are the policy's own names
            assert not schema.is_valid(as_an_editor_reads(wrong)), place
    assert len(seen) > 60


@pytest.mark.parametrize(("path", "every"), TAKEN_APART)
def test_every_value_that_is_a_block_where_none_belongs_is_told(path: Path, every: int) -> None:
    source = parse(path.read_text(), path.name)
    seen = set()
    for place in keys(source.data):
        kind = tuple(step for step in place if isinstance(step, str))
        if kind in seen:
            continue
        seen.add(kind)
        if len(seen) % every:
            continue
        for odd in ODD[len(seen) // every % 3 :][:1]:
            assert refusal(rewritten(source.data, place, odd)) is not None or kind[-1] == "deviations", place
    assert len(seen) > 60


def rewritten(data: Any, place: tuple[str | int, ...], value: Any) -> str:
    whole = yaml.safe_load(yaml.safe_dump(data))
    inside = whole
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    return yaml.safe_dump(whole, sort_keys=False, width=10_000)


def test_a_planned_switch_changes_the_mode_on_its_day() -> None:
    gate = policy(
        "mode: block", "mode: observe, switch: [{mode: flag, on: 2026-12-01}, {mode: block, on: 2027-01-01}]"
    )
    (one,) = gate.gates
    assert one.switches == (Switch(Mode.FLAG, date(2026, 12, 1)), Switch(Mode.BLOCK, date(2027, 1, 1)))
    modes = {
        day: one.mode_on(date(*day)) for day in ((2026, 11, 30), (2026, 12, 1), (2026, 12, 31), (2027, 1, 1))
    }
    assert [mode.value for mode in modes.values()] == ["observe", "flag", "flag", "block"]
    assert one.next_switch(date(2026, 11, 30)) == date(2026, 12, 1)
    assert one.next_switch(date(2027, 1, 1)) is None
    assert one.on_since(date(2026, 11, 30)) is None
    assert one.on_since(date(2027, 2, 1)) == date(2026, 12, 1)


SWITCHES = [
    ("switch: {mode: block, on: 2027-01-01}", "gates.contract.switch.1.mode: found block, which the gate is in already"),
    ("switch: [{mode: flag, on: 2027-01-01}, {mode: block, on: 2027-01-01}]",
     "gates.contract.switch.2.on: found 2027-01-01; allowed: a day after 2027-01-01"),
    ("switch: {mode: flag}", "gates.contract.switch.on: is missing; needed: a date as 2026-03-16"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), SWITCHES)
def test_a_switch_that_means_nothing_is_refused(written: str, expected: str) -> None:
    assert problems(BASE.replace("mode: block", f"mode: block, {written}")) == [f"policy.yaml:30: {expected}"]


def test_an_example_tells_what_was_found_and_why() -> None:
    text = BASE + (
        "examples:\n"
        "  - {id: cheap, gate: contract, expect: ready, deal: {delivery-address: Dam 1, discount: 12%, amount: 100}}\n"
        "  - {id: dear, gate: contract, expect: needs-sign-off, sign-off: [manager, operations], findings: filled,\n"
        "     deal: {delivery-address: Dam 1, discount: 12%, amount: EUR 60,000}}\n"
    )
    text = text.replace("EUR 60,000", "'60,000'")
    loaded = load(text, "policy.yaml")
    (told,) = examples.failed(loaded, NOW)
    assert str(told) == (
        "policy.yaml:33: examples.cheap: expected ready, found needs-sign-off, because 12 % discount is over your"
        " 10 % (policy.yaml:27)."
    )
    tried = {one.example.id: one for one in examples.run(loaded, NOW)}
    assert tried["dear"].roles == {"manager", "operations"}


def test_a_deal_outside_of_the_gates_scope_is_not_assessed() -> None:
    text = BASE.replace("move-back: true", "scope: {region: EMEA}") + (
        "examples:\n  - {id: far, gate: contract, expect: not-assessed, deal: {region: APAC}}\n"
    )
    assert examples.failed(load(text, "policy.yaml"), NOW) == ()


def in_dollars(rates: str) -> Policy:
    return load(BASE.replace("currency: EUR", f"currency: EUR\n{rates}"), "policy.yaml")


def test_a_limit_in_another_currency_is_held_against_the_rate() -> None:
    deal = "deal: {delivery-address: x, discount: 1%, amount: '60,000'}, currency: USD}\n"
    case = "examples:\n  - {id: usd, gate: contract, expect: ready, " + deal
    known = load(in_text("rates: {as-of: 2026-11-01, USD: 0.8}") + case, "policy.yaml")
    assert examples.failed(known, NOW) == ()
    dear = load(in_text("rates: {as-of: 2026-11-01, USD: 0.9}") + case, "policy.yaml")
    assert examples.failed(dear, NOW)[0].message.startswith("expected ready, found needs-sign-off")
    unknown = load(BASE + case, "policy.yaml")
    assert "no exchange rate is known" in examples.failed(unknown, NOW)[0].message


def in_text(rates: str) -> str:
    return BASE.replace("currency: EUR", f"currency: EUR\n{rates}")


WRONG = [
    ("currency: EUR", "currency: EUR\nrates: {USD: 0.9}", "3: rates.as-of: is missing; needed: a date as 2026-03-16"),
    ("currency: EUR", "currency: EUR\nrates: {as-of: 2026-01-01, EUR: 1}",
     "3: rates.EUR: found the policy's own currency, which is always worth 1"),
    ("currency: EUR", "currency: EUR\nrates: {as-of: 2026-01-01, dollar: 1}",
     "3: rates.dollar: unknown key; allowed: as-of, from, or a currency code as EUR"),
    ("list-price: EUR 1000", "list-price: EUR 1000, requires: DQ", ('16: offering.products.1.requires: found "DQ",'
     " which is no product of the offering; allowed: Data Platform")),
    ("list-price: EUR 1000", "list-price: EUR 1000, excludes: DP",
     '16: offering.products.1.excludes: found "DP", which is the product itself'),
    ("list-price: EUR 1000", "list-price: 1,000", ("16: offering.products.1.000: found the rest of a number: between"
     ' braces a comma ends the value; write 1250 or "1,250"')),
    ("list-price: EUR 1000", "list-price: EUR 1000, cost: USD 3", ("16: offering.products.1.cost: found USD; allowed:"
     " EUR, as the list price")),
    ("list-price: EUR 1000", "at-least: 5, at-most: 2", ("16: offering.products.1.at-most: found 2; allowed: 5"
     " (`at-least`) or more")),
    ("  products:", "  lead-time-days: 3\n  products:", ("14: offering.start: is missing, but days to start or a lead"
     " time counts; needed: the field that holds the promised start")),
    ("  products:", "  start: region\n  products:", "15: offering.start: found a field of type enum; allowed: a date of the CRM"),
    ("  products:", "  terms: {regio: EMEA}\n  products:", ('15: offering.terms.regio: found "regio", which is no field'
     " of this policy; allowed: one of amount, close-date, contract-value, days-to-start, delivery-address,"
     " deviation-count, deviation-worth, discount, effort, margin, name, owner and 3 more."
     " Did you mean region?")),
    ("    - deviations\n", "    - capacity\n", ("20: checklists.contract.2.capacity.start: is missing; needed: the field"
     " of the promised start, here or in the offering")),
    ("    - deviations\n", "    - deviations: {bands: [{name: a}, {name: b, up-to: 5}]}\n",
     "20: checklists.contract.2.deviations.bands.1: found no `up-to`; only the last band has none"),
    ("    - deviations\n", "    - feasibility: {otherwise: needs-review}\n", ("20: checklists.contract.2.feasibility."
     "otherwise: found needs-review, but no `goes-to` names who reviews")),
    ("    - deviations\n", "    - feasibility: {inputs: region, rows: [{id: a, region: EMEA, answer: not-feasible}]}\n",
     ("20: checklists.contract.2.feasibility.rows.a.says: is missing; needed: what to tell the rep, for it is"
      " not-feasible")),
    ("fields: [delivery-address]", "fields: [{field: delivery-address, due: Contrct}]", ("19: checklists.contract.1."
     'required-data.fields.1.due: found "Contrct", where no gate stands; allowed: Contract. Did you mean Contract?')),
    ("type: date}", "type: date, unit: days}", "6: fields.start-date.unit: found a unit of a date; only numbers have one"),
    ("  start-date: {hubspot: start_date, type: date}", "  start-date: {contact: Buyer, type: date}",
     "6: fields.start-date.type: found `type` beside `contact`, which is counted, not read"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=[case[2][:50] for case in WRONG])
def test_what_means_nothing_is_told_with_its_line(old: str, new: str, expected: str) -> None:
    assert BASE.count(old) == 1
    assert problems(BASE.replace(old, new)) == [f"policy.yaml:{expected}"]


def test_the_offering_becomes_the_model() -> None:
    loaded = load(Path("examples/software-reseller.yaml").read_text(), "p")
    day = loaded.offering.by_name["migrationday"]
    assert (day.list_price, day.cost, day.discount, day.lead_days, day.most) == (1250, 700, 10, 14, 40)
    assert [(one.role, one.hours, one.lead_in, one.weeks) for one in day.effort] == [
        ("engineer", Decimal(8), 1, 2),
        ("project-manager", Decimal(1), 0, 1),
    ]
    assert loaded.offering.by_name["securityadd-on"].excludes == ("M365-E5",)
    assert loaded.day_limits == {5, 14}


def test_without_a_lead_time_a_start_counts_as_too_soon_on_the_day_after_it() -> None:
    text = Path("examples/software-reseller.yaml").read_text()
    kept = [line for line in text.splitlines() if "lead-time-days:" not in line]
    assert load("\n".join(kept), "p").day_limits == {0}


SIGNERS = [
    ("manager", ("manager",), None, False),
    ("[manager, operations]", ("manager", "operations"), None, False),
    ("{all: [manager, operations]}", ("manager", "operations"), None, False),
    ("{any: [manager, operations]}", ("manager", "operations"), 1, False),
    ("{in-order: [manager, operations]}", ("manager", "operations"), None, True),
    ("{at-least: 1, of: [manager, operations]}", ("manager", "operations"), 1, False),
]


@pytest.mark.parametrize(("written", "roles", "quorum", "in_order"), SIGNERS)
def test_several_roles_sign_at_once_in_order_or_some_of_them(
    written: str, roles: tuple[str, ...], quorum: int | None, in_order: bool
) -> None:
    row = load(BASE.replace("sign-off: manager", f"sign-off: {written}"), "p").matrices["commercial"].rows[-1]
    assert (row.roles, row.quorum, row.in_order) == (roles, quorum, in_order)


@pytest.mark.parametrize(
    "written",
    ["{at-least: 3, of: [manager, operations]}", "{any: manager, all: manager}", "{of: manager}", "{}"],
)
def test_signers_that_mean_nothing_are_refused(written: str) -> None:
    (told,) = problems(BASE.replace("sign-off: manager", f"sign-off: {written}"))
    assert told.startswith("policy.yaml:28: authority.commercial.rows.rich.sign-off: found ")
