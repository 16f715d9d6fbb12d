"""What a policy looks at: the words whose change may change a verdict, and none besides."""

from connector.policy.load import load
from connector.policy.reads import reads, triggers
from tests.policy.samples import BASE


def read_by(*changes: tuple[str, str]) -> set[str]:
    return set(reads(load(changed(*changes), "policy.yaml")))


def changed(*changes: tuple[str, str]) -> str:
    text = BASE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_gate_reads_what_its_checklist_and_its_matrices_name() -> None:
    assert read_by() == {"delivery-address", "discount", "amount"}
    assert read_by(("     checklist: contract, authority", "     authority")) == {"discount", "amount"}
    assert read_by(("inputs: [discount, amount]", "inputs: [discount, amount, region]")) == {
        "delivery-address", "discount", "amount", "region",
    }  # fmt: skip


def test_a_scope_and_a_field_that_may_stand_for_another_are_read() -> None:
    assert "region" in read_by(("mode: block,", "mode: block, scope: {region: [EMEA]},"))
    either = ("{fields: [delivery-address],", "{fields: [{field: delivery-address, or: region}],")
    assert "region" in read_by(either)


def test_what_is_computed_is_read_with_what_stands_behind_it() -> None:
    found = read_by(
        ("fields:\n", "fields:\n  days-to-start: {}\n  deviation-worth: {}\n"),
        ("offering:\n", "offering:\n  start: start-date\n  terms: {region: EMEA}\n"),
        ("inputs: [discount, amount]", "inputs: [deviation-worth, days-to-start]"),
        ('discount: "<= 10%"', 'deviation-worth: "<= 10"'),
        ('discount: "> 10%"', 'deviation-worth: "> 10"'),
        ('amount: "> EUR 50,000"', 'days-to-start: "< 3"'),
    )
    assert found == {
        "delivery-address", "deviation-worth", "days-to-start", "start-date", "region", "discount",
        "products-not-offered",
    }  # fmt: skip


def test_what_a_verdict_keeps_rings_a_bell_though_no_gate_reads_it() -> None:
    rung = triggers(load(changed(("region: {", "region: {change: notify, ")), "policy.yaml"))
    assert rung >= {"delivery-address", "discount", "amount", "region", "start-date"}
    ignored = triggers(load(changed(("region: {", "region: {change: ignore, ")), "policy.yaml"))
    assert rung - ignored == {"region"}
