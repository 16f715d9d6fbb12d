"""What rules and examples name must exist and mean something: each fault at its own line."""

from datetime import date
from decimal import Decimal

import pytest

from connector.policy.load import load
from tests.policy.samples import BASE, problems

NAMES = "one of amount, close-date, contract-value, days-to-start, delivery-address"
GATE = """\
  - {id: contract, pipeline: Sales, stage: Contract, mode: block, move-back: true,
     checklist: contract, authority: commercial}
"""
CHECK = "    - deviations\n"
FAULTS = [
    # checks
    (CHECK, CHECK + CHECK, "21: checklists.contract.3: found deviations twice; a check stands once in a checklist"),
    ("fields: [delivery-address]", "fields: [{field: start-date, pattern: x}]",
     "19: checklists.contract.1.required-data.fields.1.pattern: found a pattern for a field of type date"),
    (CHECK, "    - feasibility: {inputs: region, questions: {regio: {ask: Where}}}\n",
     ("20: checklists.contract.2.feasibility.questions.regio: found a question about regio, which is no input;"
      " allowed: region. Did you mean region?")),
    (CHECK, "    - feasibility: {inputs: region, rows: [{id: a, region: EMEA, answer: maybe}]}\n",
     ('20: checklists.contract.2.feasibility.rows.a.answer: found "maybe"; allowed: one of feasible,'
      " feasible-with-changes, needs-review, not-feasible")),
    (CHECK, ("    - feasibility: {inputs: region, rows: [{id: a, region: EMEA, answer: feasible},\n"
     "        {id: a, region: APAC, answer: feasible}]}\n"),
     '21: checklists.contract.2.feasibility.rows.a.id: found "a" again; it is the row of policy.yaml:20'),
    (CHECK, "    - feasibility: {inputs: region, rows: [{id: a, region: EMEA, answer: needs-review}]}\n",
     "20: checklists.contract.2.feasibility.rows.a: found needs-review, but no `goes-to` names who reviews"),
    (CHECK, "    - capacity: {start: region}\n",
     "20: checklists.contract.2.capacity.start: found a field of type enum; allowed: a date"),
    (CHECK, "    - capacity: {start: start-date, win-chance: region}\n",
     "20: checklists.contract.2.capacity.win-chance: found a field of type enum; allowed: a percent"),
    (CHECK, "    - deviations: {bands: [{name: a, up-to: 5}, {name: b, up-to: 5}, {name: c}]}\n",
     "20: checklists.contract.2.deviations.bands.2.up-to: found no more than the band before"),
    # the offering, tables and gates
    ("  products:", "  start: strt\n  products:",
     f'15: offering.start: found "strt", which is no field of this policy; allowed: {NAMES}'),
    ("inputs: [discount, amount]", "inputs: [discount, amount, regio]",
     f'24: authority.commercial.inputs: found "regio", which is no field of this policy; allowed: {NAMES}'),
    ("sign-off: manager", "forbidden: No., says: Never.",
     "28: authority.commercial.rows.rich.says: found `says` beside `forbidden`, which already says why"),
    ("     checklist: contract, authority: commercial", "     since: 2026-01-01",
     "30: gates.contract: checks nothing; needed: checklist, authority or both"),
    (GATE, GATE + GATE, '32: gates.contract.id: found "contract" again; it is the gate of policy.yaml:30'),
    ("move-back: true", "scope: {region: EMEA, regio: EMEA}",
     f'30: gates.contract.scope.regio: found "regio", which is no field of this policy; allowed: {NAMES}'),
    ("move-back: true", "scope: 5", '30: gates.contract.scope: found "5"; allowed: a block with at least one name'),
    ("move-back: true", "switch: soon", '30: gates.contract.switch: found "soon"; allowed: a block of keys'),
    ("authority: commercial}", "authority: {}}",
     "31: gates.contract.authority: found a block of keys; allowed: a list with at least one item"),
    # fields
    ("  region: {", "  amount: {type: text}\n  region: {", '5: fields.amount.type: found "text"; amount is always money'),
    ("type: text}", "type: text, options: [a]}",
     "4: fields.delivery-address.options: found options of a field of type text; only an enum has them"),
    ("type: text}", "type: text, of: amount}",
     "4: fields.delivery-address.of: found `of` in a field that is not derived"),
    ("  region: {", "  amount: {contact: Buyer}\n  region: {",
     "5: fields.amount.contact: found `contact`; amount is another word of every policy"),
    ("  region: {", "  deviation-count: {derived: margin}\n  region: {",
     '5: fields.deviation-count.derived: found "margin"; deviation-count is another word of every policy'),
    ("{hubspot: delivery_address, type: text}", "{hubspot: delivery_address}",
     "4: fields.delivery-address.type: is missing; needed: one of money, percent, number, date, enum"),
    # people and words
    ("holders: [anna]", "holders: [anna], needs: many",
     '13: roles.operations.needs: found "many"; allowed: a whole number from 1 to 20, or all'),
    ("holders: [anna]", "holders: [anna], backups: {}", "13: roles.operations.backups: found a block of keys; allowed: a list"),
    ("holders: [anna]", "holders: [anna], veto-lifted-by: {}",
     "13: roles.operations.veto-lifted-by: found a block of keys; allowed: a list"),
    ("holders: [anna]", "holders: [anna], veto-lifted-by: [mangr]",
     ('13: roles.operations.veto-lifted-by.1: found "mangr", which is no role of this policy; allowed: one of manager,'
      " operations. Did you mean manager?")),
    ("policy: Small company", "policy: " + "x" * 256,
     f'1: policy: found "{"x" * 57}..."; allowed: at most 255 characters'),
    ("roles:\n", "waivers: {grant: {deviation: operations}, reasons: [x]}\nroles:\n",
     ('11: waivers.grant.deviation: found "deviation", which is no matrix or check of this policy; allowed: one of'
      " commercial, required-data, deviations, any. Did you mean deviations?")),
    ("roles:\n", "calendar: {zone: ../x}\nroles:\n",
     '11: calendar.zone: found "../x"; allowed: a time zone as Europe/Amsterdam.'),
    ("roles:\n", "rates: {from: USD}\nroles:\n", "11: rates.from: found 'USD'; allowed: crm"),
    ("roles:\n", "delegations: [{from: anna, to: mia, since: x, until: 2026-01-01}]\nroles:\n",
     '11: delegations.1.since: found "x"; allowed: a date as 2026-03-16'),
    ("roles:\n", "rates: 5\nroles:\n", '11: rates: found "5"; allowed: a block as {as-of: 2026-11-01, USD: 0.92}'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS, ids=[case[2][:60] for case in FAULTS])
def test_what_is_not_there_or_means_nothing_is_told_once_at_its_line(
    old: str, new: str, expected: str
) -> None:
    assert BASE.count(old) == 1
    (told,) = problems(BASE.replace(old, new))
    assert told.startswith(f"policy.yaml:{expected}")


COINLESS = BASE.replace("currency: EUR\n", "")
BARE = [
    (CHECK, "    - deviations: {bands: [{name: a, up-to: '5'}, {name: b}]}\n",
     "19: checklists.contract.2.deviations.bands.1.up-to: found an amount without a currency; write it as EUR 50,000"),
    ("  products:", "  terms: {region: {standard: EMEA, worth-a-unit: '5'}}\n  products:",
     "14: offering.terms.region.worth-a-unit: found an amount without a currency"),
    ("roles:\n", "delegations:\n  - {from: anna, to: mia, since: 2026-01-01, until: 2026-02-01, up-to: '5'}\nroles:\n",
     "11: delegations.1.up-to: found an amount without a currency; write it as EUR 50,000"),
    ("roles:\n", "rates: {as-of: 2026-01-01, USD: 1}\nroles:\n",
     "10: rates: found rates, but no `currency` at the top of the policy that they lead to"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), BARE)
def test_without_a_currency_of_its_own_a_policy_writes_one_beside_each_amount(
    old: str, new: str, expected: str
) -> None:
    assert problems(COINLESS) == []
    assert problems(COINLESS.replace(old, new)) == [f"policy.yaml:{expected}"]


FIELDS = "  buyer: {hubspot: buyer, type: person}\n  vip: {hubspot: vip, type: boolean}\n  region: {"
EXAMPLES = BASE.replace("  region: {", FIELDS) + "examples:\n"
MISTOLD = [
    ("deal: {region: EMEAA}", 'deal.region: found "EMEAA"; allowed: one of EMEA, APAC. Did you mean EMEA?'),
    ("deal: {region: [EMEA, APACC]}", "deal.region: found a list; allowed: one of EMEA, APAC. Did you mean APAC?"),
    ("deal: {amount: [1, 2]}", "deal.amount: found a list; allowed: one value, not a list"),
    ("deal: {start-date: soon}", 'deal.start-date: found "soon"; allowed: a date as 2026-03-16'),
    ("deal: {vip: maybe}", 'deal.vip: found "maybe"; allowed: true or false'),
    ("deal: {buyer: annna}", ('deal.buyer: found "annna", which is no person of this policy; allowed: one of mia, eva,'
     " anna. Did you mean anna?")),
    ("deal: {regio: EMEA}", 'deal.regio: found "regio", which is no field of this policy; allowed: one of amount'),
    ("owner: ava", ('owner: found "ava", which is no person of this policy; allowed: one of mia, eva, anna. Did you mean'
     " eva?")),
    ("lines: [{product: DP, price: USD 5}]", "lines.1.price: found USD; the deal is in EUR"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), MISTOLD)
def test_a_mistake_in_an_example_is_told_at_the_example(written: str, expected: str) -> None:
    (told,) = problems(f"{EXAMPLES}  - {{id: a, gate: contract, expect: ready, {written}}}\n")
    assert told.startswith(f"policy.yaml:35: examples.a.{expected}")


def test_two_examples_of_one_name_are_told() -> None:
    one = "  - {id: a, gate: contract, expect: ready}\n"
    assert problems(EXAMPLES + one + one) == [
        'policy.yaml:36: examples.a.id: found "a" again; it is the example of policy.yaml:35'
    ]


def test_an_example_holds_what_is_written_and_what_is_written_as_empty() -> None:
    deal = "{region: [EMEA, APAC], vip: yes, buyer: anna, delivery-address: Empty, amount: empty, start-date: 2026-12-01}"
    lines = "[{product: data platform, quantity: 3}, {product: Odd, price: 7}]"
    text = (
        f"{EXAMPLES}  - {{id: a, gate: contract, expect: ready, owner: mia, deal: {deal}, lines: {lines}}}\n"
    )

    (one,) = load(text, "policy.yaml").examples

    assert one.values == {
        "region": ("EMEA", "APAC"), "vip": True, "buyer": "anna", "delivery-address": None, "amount": None,
        "start-date": date(2026, 12, 1),
    }  # fmt: skip
    assert [(line.product, line.name, line.quantity, line.net_price) for line in one.lines] == [
        ("DP", "Data Platform", Decimal(3), Decimal(1000)),
        (None, "Odd", Decimal(1), Decimal(7)),
    ]
    assert (one.owner, one.currency) == ("mia", "EUR")


@pytest.mark.parametrize(
    ("written", "worth"), [("crm", {}), ("{from: crm, USD: 0.9, as-of: 2026-01-01}", {"USD": Decimal("0.9")})]
)
def test_rates_may_come_from_the_account(written: str, worth: dict[str, Decimal]) -> None:
    rates = load(BASE.replace("roles:\n", f"rates: {written}\nroles:\n", 1), "policy.yaml").rates
    assert (rates.from_crm, rates.worth) == (True, worth)


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        (CHECK, "    - capacity: {start: strt, win-chance: chnce, goes-to: opertions, hold-days: long}\n",
         ["goes-to", "hold-days", "start", "win-chance"]),
        ("list-price: EUR 1000}", "list-price: much, options: {regio: EMEA, region: EMAE, start-date: {}}}",
         ["list-price", "options.regio", "options.region", "options.start-date"]),
        ("gates:\n", "examples:\n  - {id: a, gate: contrac, owner: mai, expect: redy, deal: {regio: EMEA}}\ngates:\n",
         ["deal.regio", "expect", "gate", "owner"]),
    ],
)  # fmt: skip
def test_one_mistake_in_a_block_hides_no_other(old: str, new: str, paths: list[str]) -> None:
    found = [one.split(": ")[1] for one in problems(BASE.replace(old, new, 1))]
    assert [one for one, path in zip(found, paths, strict=True) if not one.endswith(f".{path}")] == []
