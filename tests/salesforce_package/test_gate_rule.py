"""The gate's rule, as Salesforce gets it, held against the truth table by the sandbox's own engine."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.adapters.salesforce.package import render
from sandbox.salesforce.formula import Save, compiled
from tests.salesforce_package import source, truth, world

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
RULE = compiled(source.rule(world.package(), "Opportunity", "Ops_Gate"))


@pytest.mark.parametrize(
    ("oddities", "refuses", "passes"),
    [
        pytest.param(3, 546, 1424, id="three at a time"),
        pytest.param(10, 2568, 112_632, id="all", marks=pytest.mark.slow),
    ],
)
def test_the_rule_refuses_and_lets_pass_as_the_truth_table_says(oddities, refuses, passes):
    counted = {True: 0, False: 0}
    for one in truth.situations(oddities):
        expected = truth.refused(one)
        assert RULE.holds(truth.save(one, NOW)) == expected, one
        counted[expected] += 1
    assert counted == {True: refuses, False: passes}


@pytest.fixture(scope="module")
def few():
    """The situations with at most two oddities."""
    return list(truth.situations(2))


@pytest.mark.parametrize(
    ("holds", "instead"),
    [
        ("PRIORVALUE(Ops_Blocked_Stages__c)", "Ops_Blocked_Stages__c"),
        ("PRIORVALUE(Ops_Clear__c)", "Ops_Clear__c"),
        ("PRIORVALUE(Ops_Clear_Amount_Max__c)", "Ops_Clear_Amount_Max__c"),
        ("PRIORVALUE(Ops_Range_Number_Of_Users_Max__c)", "Ops_Range_Number_Of_Users_Max__c"),
        ("PRIORVALUE(Ops_Clear_Until__c)", "Ops_Clear_Until__c"),
        ("ISCHANGED(StageName)", "TRUE"),
        ("NOT(ISCHANGED(Region__c))", "TRUE"),
        ("NOT(AND(ISCHANGED(Amount), ISBLANK(Amount)))", "TRUE"),
        ("NOT($Permission.Dealgate_Bypass)", "TRUE"),
        ("NOT($Setup.Dealgate__c.Off__c)", "TRUE"),
        ("* 24 <=", "* 24 >"),
        ("Amount <= PRIOR", "Amount < PRIOR"),
        ("CloseDate >= PRIOR", "CloseDate <= PRIOR"),
        ("BLANKVALUE($Setup.Dealgate__c.Open_After_Hours__c, 0) <= 0", "FALSE"),
    ],
)
def test_a_rule_that_says_something_else_is_caught_by_the_table(holds, instead, few):
    written = source.rule(world.package(), "Opportunity", "Ops_Gate")
    assert holds in written
    wrong = compiled(written.replace(holds, instead))
    assert any(wrong.holds(truth.save(one, NOW)) != truth.refused(one) for one in few)


def test_with_blanks_read_as_zero_an_emptied_amount_still_falls_below_its_minimum():
    for one in truth.situations(4):
        if one.amount == "emptied" and one.range == "limits" and truth.refused(one):
            assert RULE.holds(truth.without_blanks(truth.save(one, NOW))), one


def _move(stage: str, listed: str, **fields: object) -> Save:
    before = {
        "StageName": "Proposal",
        "Amount": Decimal(1),
        "CloseDate": date(2026, 6, 1),
        "Ops_Blocked_Stages__c": listed,
    }
    return Save({**before, "StageName": stage, **fields}, before, NOW)


@pytest.mark.parametrize(
    ("stage", "listed", "refused"),
    [
        ("Closed Won", ";Contract;Closed Won;", True),
        ("Won", ";Contract;Closed Won;", False),
        ("Closed", ";Closed Won;", False),
        ("Closed Lost", ";Contract;Closed Won;", False),
        ("closed won", ";Closed Won;", False),
        ("Contract", None, False),
        ("Contract", "", False),
        ("Contract", ";Contract;", True),
    ],
)
def test_only_a_whole_stage_name_is_listed(stage, listed, refused):
    assert RULE.holds(_move(stage, listed)) is refused


def test_fix_the_price_and_move_passes_in_one_save_and_raise_the_price_and_move_does_not():
    before = {
        "StageName": "Proposal",
        "Amount": Decimal(60_000),
        "CloseDate": date(2026, 6, 1),
        "Ops_Blocked_Stages__c": ";Contract;",
        "Ops_Clear__c": True,
        "Ops_Clear_Amount_Max__c": Decimal(50_000),
    }
    moved = {**before, "StageName": "Contract"}
    assert RULE.holds(Save(moved, before, NOW))
    assert not RULE.holds(Save({**moved, "Amount": Decimal(50_000)}, before, NOW))
    cheap = {**before, "Amount": Decimal(40_000)}
    assert not RULE.holds(Save({**cheap, "StageName": "Contract"}, cheap, NOW))
    assert RULE.holds(Save({**cheap, "StageName": "Contract", "Amount": Decimal(50_001)}, cheap, NOW))


def test_the_last_day_of_the_range_is_a_day_on_which_it_holds():
    before = {
        "StageName": "Proposal",
        "Amount": Decimal(1),
        "CloseDate": date(2026, 6, 1),
        "Ops_Blocked_Stages__c": ";Contract;",
        "Ops_Clear__c": True,
        "Ops_Clear_Until__c": NOW.date(),
    }
    after = {**before, "StageName": "Contract"}
    assert not RULE.holds(Save(after, before, NOW))
    assert RULE.holds(Save(after, before, NOW.replace(day=3)))


def test_another_currency_leaves_the_range_where_the_org_has_several():
    rule = compiled(source.rule(world.package(world.EVERYTHING_ON), "Opportunity", "Ops_Gate"))
    before = {
        "StageName": "Proposal",
        "Amount": Decimal(1),
        "CurrencyIsoCode": "EUR",
        "Ops_Blocked_Stages__c": ";Contract;",
        "Ops_Clear__c": True,
    }
    after = {**before, "StageName": "Contract"}
    assert not rule.holds(Save(after, before, NOW))
    assert rule.holds(Save({**after, "CurrencyIsoCode": "KWD"}, before, NOW))


def test_the_rule_without_a_policy_watches_amount_and_close_date_only():
    rule = compiled(source.rule(render(()), "Opportunity", "Ops_Gate"))
    watched = {name for name in rule.names if not name.startswith(("$", "Ops_"))}
    assert watched == {"StageName", "Amount", "CloseDate"}
