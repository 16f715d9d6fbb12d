"""The badge says in words what its flag says in colour."""

from datetime import UTC, datetime

import pytest

from connector.adapters.salesforce.fields import BADGE, OUR_FIELDS, READINESS_LABELS
from connector.deals import OurField
from connector.verdicts import Readiness
from sandbox.salesforce.formula import Save, compiled

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("readiness", Readiness)
def test_the_badge_shows_flag_and_words(readiness):
    shown = str(compiled(BADGE.formula).value(Save({"Ops_Readiness__c": readiness.value}, None, NOW)))
    assert shown.endswith(f"> {READINESS_LABELS[readiness]}")
    assert ("flag_" in shown) is (readiness is not Readiness.NOT_ASSESSED)


def test_a_deal_that_was_never_looked_at_says_so():
    assert str(compiled(BADGE.formula).value(Save({}, None, NOW))).endswith("> Not checked yet")


def test_the_picklist_holds_every_readiness():
    assert [value for value, _ in OUR_FIELDS[OurField.READINESS].options] == [one.value for one in Readiness]
