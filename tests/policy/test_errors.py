"""Every kind of mistake is named with its line, its path, what was found and what is allowed."""

import pytest

from tests.policy.samples import BASE, changed, policy, problems

ONE = (
    "exactly one of `decides: sales`, `sign-off: ROLE`, `attest: {fact: TEXT, by: ROLE}`, `notify: ROLE` or"
    " `forbidden: WHY`, or `veto: ROLE` alone"
)
MISTAKES = [
    # the shape
    ("policy: Small company\n", "", "1: policy: is missing; needed: a text"),
    ("currency: EUR", "currency: euro", '2: currency: found "euro"; allowed: a currency code as EUR'),
    ("currency: EUR", "curency: EUR", ("2: curency: unknown key; allowed: one of policy, currency, fields,"
     " people, roles, delegations, calendar, waiting, waivers, offering, checklists, authority and 5 more. Did you mean currency?")),
    ("email: eva@example.com", "email: eva", '9: people.eva.email: found "eva"; allowed: an e-mail address'),
    ("email: eva@example.com", "email:", "9: people.eva.email: found nothing; allowed: an e-mail address"),
    ("{name: Eva Lang, email: eva@example.com}", "Eva", '9: people.eva: found "Eva"; allowed: a block of keys'),
    ("  mia:", "  Mia Vries:", ('8: people.Mia Vries: found "Mia Vries" as a name; allowed: small letters,'
     " digits and hyphens")),
    ("mode: block", "mode: blok", ('30: gates.contract.mode: found "blok"; allowed: one of observe, flag, block.'
     " Did you mean block?")),
    ("move-back: true", "move-back: maybe", '30: gates.contract.move-back: found "maybe"; allowed: true or false'),
    ("move-back: true", "since: 1 March", '30: gates.contract.since: found "1 March"; allowed: a date as 2026-03-16'),
    ("move-back: true", "since: 2026-02-30", ('30: gates.contract.since: found "2026-02-30"; allowed: a day that'
     " exists, as 2026-03-16")),
    ("move-back: true", "ask: [befor]", ('30: gates.contract.ask.1: found "befor"; allowed: one of before, request,'
     " owed. Did you mean before?")),
    ("hit: collect", "hit: first", '23: authority.commercial.hit: found "first"; allowed: one of unique, collect'),
    ("holders: [anna]", "holders: []", ("13: roles.operations.holders: found an empty list; allowed: a list with at"
     " least one item")),
    ("chain: delivery", "level: 0", '13: roles.operations.level: found "0"; allowed: a whole number from 1 to 99'),
    ("list-price: EUR 1000", "list-price: free", ('16: offering.products.1.list-price: found "free"; allowed: an'
     " amount as EUR 50,000")),
    ("list-price: EUR 1000", "list-price: 0", "16: offering.products.1.list-price: found no price; allowed: more than 0"),
    ("list-price: EUR 1000", "list-price: 1.000", ('16: offering.products.1.list-price: found "1.000"; allowed: a'
     " number that reads one way only: 1,000 or 1.0000")),
    ("- deviations", "- deviation", ("20: checklists.contract.2.deviation: unknown check; allowed: one of"
     " required-data, feasibility, capacity, deviations. Did you mean deviations?")),
    ("- deviations", "- {deviations: , required-data: }", ("20: checklists.contract.2: found a block of keys;"
     " allowed: one check: required-data, feasibility, capacity, deviations")),
    # what names refer to
    ("manager: eva", "manager: ava", ('8: people.mia.manager: found "ava", which is no person of this policy;'
     " allowed: one of mia, eva, anna. Did you mean eva?")),
    ("manager: eva", "manager: mia", "8: people.mia.manager: found the person as their own manager"),
    ("email: eva@", "email: MIA@", '9: people.eva.email: found "MIA@example.com", which is already that of mia'),
    ("holders: [anna]", "holders: [ana]", ('13: roles.operations.holders.1: found "ana", which is no person of'
     " this policy, nor owner.manager; allowed: one of mia, eva, anna, owner.manager. Did you mean anna?")),
    (", manager: eva", "", ("12: roles.manager.holders.1: found owner.manager, but nobody under `people` has a"
     " manager")),
    ("chain: delivery", "chain: sales", ("13: roles.operations.level: found level 1 of chain sales, which is that"
     " of manager; allowed: another")),
    ("fields: [delivery-address]", "fields: [delivery-adress]", ("19: checklists.contract.1.required-data.fields.1:"
     ' found "delivery-adress", which is no field of this policy; allowed: one of amount, close-date,'
     " contract-value, days-to-start, delivery-address, deviation-count, deviation-worth, discount, effort,"
     " margin, name, owner and 3 more. Did you mean delivery-address?")),
    ("fields: [delivery-address]", "fields: [discount]", ('19: checklists.contract.1.required-data.fields.1: found'
     ' "discount", which is computed; nobody fills it in')),
    ("unknown-goes-to: operations", "unknown-goes-to: ops", ("19: checklists.contract.1.required-data.unknown-goes-to:"
     ' found "ops", which is no role of this policy; allowed: one of manager, operations')),
    ("fields: [delivery-address], unknown-goes-to: operations",
     "fields: [{field: delivery-address, pattern: '['}]", ("19: checklists.contract.1.required-data.fields.1.pattern:"
     ' found "["; allowed: a regular expression (unterminated character set at position 0)')),
    ("fields: [delivery-address], unknown-goes-to: operations",
     "fields: [{field: delivery-address, may-be-unknown: yes}]",
     ("19: checklists.contract.1.required-data.fields.1.may-be-unknown: found true, but no `unknown-goes-to` names"
     " who decides then")),
    ("fields: [delivery-address]", "fields: [region, region]",
     '19: checklists.contract.1.required-data.fields.2: found "region" twice; each field stands once'),
    ("inputs: [discount, amount]", "inputs: [discount, amount, owner]", ('24: authority.commercial.inputs: found'
     ' "owner", a person; a table cannot test people')),
    ("sign-off: manager", "sign-off: manger", ('28: authority.commercial.rows.rich.sign-off: found "manger", which'
     " is no role of this policy; allowed: one of manager, operations. Did you mean manager?")),
    ("sign-off: manager", "says: hello", ("28: authority.commercial.rows.rich: found nothing to say who decides;"
     f" needed: {ONE}")),
    ("sign-off: manager", "forbidden: No., decides: sales", ("28: authority.commercial.rows.rich: found decides and"
     f" forbidden to say who decides; needed: {ONE}")),
    ("decides: sales", "decides: sales, veto: manger", ('26: authority.commercial.rows.small.veto: found'
     ' "manger", which is no role of this policy; allowed: one of manager, operations. Did you mean manager?')),
    ("decides: sales", "veto: {roles: manager, within: 0}", ("26: authority.commercial.rows.small.veto.within:"
     ' found "0"; allowed: a whole number from 1 to 4000')),
    ("decides: sales", "decides: sales, escalate: at-once", ("26: authority.commercial.rows.small.escalate:"
     " found `escalate` where nobody is asked; needed: `sign-off` or `attest`")),
    ("sign-off: manager", "sign-off: manager, escalate: soon", ("28: authority.commercial.rows.rich.escalate:"
     ' found "soon"; allowed: at-once, or a number of working hours from 1 to 4000')),
    ("sign-off: manager", "attest: {by: manager}", ("28: authority.commercial.rows.rich.attest.fact:"
     " is missing; needed: a text")),
    ("sign-off: manager", "forbidden: No., veto: manager", ("28: authority.commercial.rows.rich.veto: found `veto`"
     " beside `forbidden`, which leaves nothing to stop")),
    ("{id: rich", "{id: big", ('28: authority.commercial.rows.big.id: found "big" again; it is the row of'
     " policy.yaml:27")),
    ("rich, amount:", "rich, amont:", ("28: authority.commercial.rows.rich.amont: unknown key; allowed: one of"
     " discount, amount, id, decides, sign-off, attest, notify, forbidden, veto, escalate, says. Did you mean amount?")),
    ("checklist: contract,", "checklist: contrct,", ('31: gates.contract.checklist: found "contrct", which is no'
     " checklist of this policy; allowed: contract. Did you mean contract?")),
    ("mode: block", "mode: flag", ("30: gates.contract.move-back: found true in mode flag; only mode block moves"
     " deals back")),
    ("move-back: true", "scope: {region: [EMEAA]}", ('30: gates.contract.scope.region: found "EMEAA"; allowed: one'
     " of EMEA, APAC. Did you mean EMEA?")),
    ("move-back: true", "scope: {start-date: [EMEA]}", ("30: gates.contract.scope.start-date: found a field of type"
     " date; allowed: enum or text")),
    # fields
    ("type: text", "typ: text", ("4: fields.delivery-address.typ: unknown key; allowed: one of label, type, unit,"
     " hubspot, salesforce, on, contact, file, options, rep-may-change, rep-may-see, change and 3 more. Did you mean type?")),
    ("{hubspot: delivery_address, type: text}", "{type: text}", ("4: fields.delivery-address: says nowhere to read it"
     " from; needed: hubspot, salesforce, contact, file or derived")),
    ("hubspot: start_date, type: date", "derived: contract-value, of: amount", ("6: fields.start-date.of:"
     " found `of` in contract-value; only discount-against-list-price has it")),
    ("hubspot: start_date, type: date", "derived: contract-value, type: text", ("6: fields.start-date.type:"
     " found `type` in a derived field; it is computed, not read")),
    ("hubspot: delivery_address", "hubspot: amount", ('4: fields.delivery-address.hubspot: found "amount", which is'
     " already amount")),
    ("  start-date: {", "  stage: {", ("6: fields.stage: found \"stage\" as a name; the policy's own words cannot"
     " name a field")),
    # cells
    ('"<= 10%"', '"<= 10"', ('26: authority.commercial.rows.small.discount: found "<= 10"; allowed: a percentage as'
     " 10% or 12.5 %, <= or > with one, a range as [a..b) or -")),
    ('"> 10%"', '"(20%..10%]"', ('27: authority.commercial.rows.big.discount: found "(20%..10%]"; allowed: a range'
     " that holds a value; nothing lies in (20%..10%]")),
    ('"> EUR 50,000"', '"[EUR 1..USD 5]"', ('28: authority.commercial.rows.rich.amount: found "[EUR 1..USD 5]";'
     " allowed: one currency in one range, not EUR and USD")),
    ('"> EUR 50,000"', '"> EUR 5, < USD 1"', ('28: authority.commercial.rows.rich.amount: found "> EUR 5, < USD 1";'
     " allowed: one currency in one cell, not EUR and USD")),
    ('"> EUR 50,000"', "{}", ("28: authority.commercial.rows.rich.amount: found a block of keys; allowed: one test as"
     " <= 10%, or - for any value")),
    # the file
    ("currency: EUR", "policy: Twice", "2: policy: found twice, first in line 1; each key stands once"),
    ("currency: EUR", "currency: &c EUR", ("2: found an anchor or alias (& or *); write the value out, or put the"
     " text between quotes")),
    ("currency: EUR", "currency: !!str EUR", "2: found the tag tag:yaml.org,2002:str; tags are not allowed"),
    ("currency: EUR", "currency: [", ("4: not readable as YAML: what opens in line 2 is not closed before this;"
     " write ], or put a text that holds one of : , # [ ] { } between quotes")),
    ("currency: EUR", "\tcurrency: EUR", "2: not readable as YAML: found a tab; indent with spaces"),
    ("Small company", "Small: company", ("1: not readable as YAML: found another colon in the line; put the text"
     " between quotes")),
    ("  eva: {", "   eva: {", ("9: not readable as YAML: the line is indented otherwise than those above it; begin"
     " them in one column")),
    ("currency: EUR", "currency EUR", "3: not readable as YAML: found no colon in line 2; write `key: value`"),
    ("policy: Small company", 'policy: "a\\q"', ("1: not readable as YAML: found a backslash between double quotes;"
     " take single ones")),
    ("currency: EUR", "---", "2: found `---`, which begins a second document; a policy is one"),
    ("currency: EUR", "? [a]\n: b", "2: found a list or block as a key; a key is a word"),
]  # fmt: skip


ALL_WRONG = """\
policy: Shop
people: {mia: {name: Mia, email: mia@example.com}, eva: {name: Eva, email: eva@example.com}}
roles: {boss: {holders: [eva, mia]}}
authority:
  price:
    hit: first
    inputs: [discont]
    rows:
      - {id: a, discount: "<= 10 percent", decides: sale}
      - {id: b, discount: "10%..20%", sign-off: bos, escalate: sometimes}
  more:
    hit: collect
    inputs: [amount]
    rows: [{id: c, amount: 10 percent, decides: sale}]
gates: [{id: contract, pipeline: Sales, stage: Contract, mode: flag, authority: price}]
examples: [{id: x, gate: contrat, expect: red, deal: {amont: 1}}]
"""


def test_one_mistake_in_a_row_or_example_hid_the_others_until_it_was_mended() -> None:
    said = "\n".join(problems(ALL_WRONG))
    for part in (
        'price.hit: found "first"', "Did you mean discount?", "rows.a.decides", "rows.b.escalate",
        'rows.b.sign-off: found "bos"', 'more.rows.c.amount: found "10 percent"', "x.expect",
        'x.gate: found "contrat"', 'x.deal.amont: found "amont"',
    ):  # fmt: skip
        assert part in said, said
    assert "Did you mean discont?" not in said


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES, ids=[case[2][:60] for case in MISTAKES])
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(old: str, new: str, expected: str) -> None:
    assert problems(changed(old, new)) == [f"policy.yaml:{expected}"]


def test_the_sample_itself_is_valid() -> None:
    assert problems(BASE) == []


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = BASE
    for old, new in (
        ("type: text", "type: txt"),
        ("manager: eva", "manager: ava"),
        ("holders: [anna]", "holders: [ana], level: x"),
        ("- deviations", "- deviation"),
        ("unknown-goes-to: operations", "unknown-goes-to: opps"),
        ('"<= 10%"', '"<= 10"'),
        ("sign-off: manager", "sign-off: manger"),
        ("mode: block", "mode: blok"),
    ):
        text = text.replace(old, new)
    found = problems(text)
    lines = [int(problem.split(":")[1]) for problem in found]
    assert lines == sorted(lines)
    assert {4, 8, 13, 19, 20, 26, 28, 30} <= set(lines)
    assert len([line for line in lines if line == 13]) == 2


@pytest.mark.parametrize("text", ["", "# nothing", "just a word", "[a, b]", "~"])
def test_a_file_that_is_no_block_says_what_a_policy_is(text: str) -> None:
    assert "a policy is a block of keys that starts with `policy:` and a name" in problems(text)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[" * 100_000, "nested more than 24 deep"),
        ("a: {" * 5_000, "nested more than 24 deep"),
        ("a: &a [x]\nb: [" + "*a, " * 10_000 + "]", "an anchor or alias"),
        ("a: !!python/object/apply:os.system [ls]", "tags are not allowed"),
        ('a: "\\UFFFFFFFF"', "not readable as YAML"),
        ("a: \x00", "not readable as YAML"),
        ("x" * 1_000_001, "at most 1,000,000 are read"),
        (b"policy: caf\xe9", "not readable as UTF-8 text"),
    ],
)
def test_a_hostile_file_is_refused_by_name(text: str | bytes, expected: str) -> None:
    assert [one for one in problems(text) if expected in one]


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    assert problems(b"\xef\xbb\xbf" + BASE.encode()) == []


def test_words_that_yaml_would_take_for_something_else_stay_words() -> None:
    loaded = policy("options: [EMEA, APAC]", "options: [NO, on, 1e3, 0x10]")
    assert loaded.fields["region"].options == ("NO", "on", "1e3", "0x10")


def test_the_version_follows_the_text() -> None:
    assert policy().version == policy().version
    assert policy().version != policy("Small company", "Other company").version


@pytest.mark.parametrize("key", ["sign-off", "notify"])
@pytest.mark.parametrize("names", ["operations, desk", "desk, operations, manager"])
def test_two_roles_of_one_chain_in_one_row_are_refused(key: str, names: str) -> None:
    text = changed('"> 10%", sign-off: operations}', f'"> 10%", {key}: [{names}]}}')
    text = text.replace("offering:\n", "  desk: {holders: [eva], chain: delivery, level: 2}\noffering:\n")
    first, other = names.split(", ")[:2]
    (said,) = problems(text)
    assert said == (
        f"policy.yaml:28: authority.commercial.rows.big.{key}: found {first} and {other}, both of chain delivery, of"
        " which only the highest is asked or told; allowed: one of them, or a chain of its own for each"
    )
    assert problems(text.replace(names, "operations, manager")) == []
