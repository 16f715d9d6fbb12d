"""docs/sandbox.md: the deals, acts and faults that it names are there."""

import re
import time
from pathlib import Path

from sandbox.faults import FaultKind
from sandbox.generator import generate
from sandbox.hubspot import control as hubspot
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.salesforce import control as salesforce

PAGE = (Path(__file__).parents[2] / "docs/sandbox.md").read_text(encoding="utf-8")


def test_the_deal_of_the_page_is_in_the_company_that_comes_without_options() -> None:
    named = set(re.findall(r"\b200\d{5}\b", PAGE))
    with HubSpotSandbox(generate(now_ms=time.time_ns() // 1_000_000)) as crm:
        assert named <= set(crm.deals())
        (deal,) = named
        assert crm.deal(deal)["dealstage"] == "proposal"


def test_every_act_and_fault_is_named() -> None:
    (row,) = re.findall(r"^\| `POST acts/NAME` \| (.*) \|$", PAGE, re.MULTILINE)
    for crm, known in (("HubSpot", hubspot.ACTS), ("Salesforce", salesforce.ACTS)):
        (told,) = re.findall(rf"{crm}: ([a-z_, ]+)", row)
        assert set(told.strip(" .").split(", ")) == known
    (row,) = re.findall(r"^\| `PUT faults` \| (.*) \|$", PAGE, re.MULTILINE)
    assert set(re.findall(r"`([\w-]+)`", row)) - {"after"} == set(FaultKind)


def test_a_path_that_is_not_there_is_answered_with_those_that_are() -> None:
    for control in (hubspot.Control, salesforce.Control):
        assert "POST acts/NAME" in control.paths
