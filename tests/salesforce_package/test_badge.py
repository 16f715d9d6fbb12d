"""The badge says in words what its flag says in colour."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from connector.adapters.salesforce.fields import BADGE, BADGES, OUR_FIELDS, SILENT, WAITING_FOR_ME
from connector.adapters.salesforce.package import render
from connector.deals import OurField
from connector.verdicts import Readiness
from sandbox.salesforce.formula import Save, compiled
from tests.salesforce_package import source

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("readiness", Readiness)
def test_the_badge_shows_icon_and_words(readiness):
    shown = str(compiled(BADGE.formula).value(Save({"Ops_Readiness__c": readiness.value}, None, NOW)))
    assert shown.endswith(f"> {BADGES[readiness]}")
    assert (f"/resource/Dealgate_Icons/{readiness.value}.svg" in shown) is (
        readiness is not Readiness.NOT_ASSESSED
    )


def test_every_icon_of_the_badge_is_in_the_package():
    package = render(())
    icons = re.findall(r"/resource/([\w/-]+\.svg)", BADGE.formula)
    assert len(icons) == len(Readiness) - 1  # not yet checked has none
    for name in icons:
        assert package[f"{source.ROOT}/staticresources/{name}"].startswith("<svg ")


@pytest.mark.parametrize(
    ("waiting", "first", "last", "mine"),
    [
        ("Anna Bos (Operations), Jan Smit", "Anna", "Bos", True),
        ("Anna Bos (Operations), Jan Smit", "Jan", "Smit", True),
        ("Anna Bos (Operations)", "Ruth", "Klein", False),
        ("Operations", None, "Operations", True),
        ("Anna Bos (Operations)", None, None, False),
        (None, "Anna", "Bos", False),
    ],
)
def test_a_deal_waits_for_whoever_is_named(waiting, first, last, mine):
    user = {"$User.FirstName": first, "$User.LastName": last}
    save = Save({"Ops_Waiting_On__c": waiting}, None, NOW, user)
    assert compiled(WAITING_FOR_ME.formula).holds(save) is mine


@pytest.mark.parametrize(("beat", "silent"), [(None, False), (2.9, False), (3.1, True), (200, True)])
def test_dealgate_is_silent_when_it_once_was_heard_and_is_no_more(beat, silent):
    heard = None if beat is None else NOW - timedelta(hours=beat)
    save = Save({}, None, NOW, {"$Setup.Dealgate__c.Heartbeat__c": heard})
    assert compiled(SILENT.formula).holds(save) is silent


def test_a_deal_that_was_never_looked_at_says_so():
    assert str(compiled(BADGE.formula).value(Save({}, None, NOW))).endswith("> Not checked yet")


def test_the_picklist_holds_every_readiness():
    assert [value for value, _ in OUR_FIELDS[OurField.READINESS].options] == [one.value for one in Readiness]
