"""What two versions of a policy make of the hours that people have, witnessed by deals and plans made up for it."""

import pytest

from connector.commands.demo import policy
from connector.policy.load import load
from connector.versions.witness import witnesses

PLANNED = policy("company").read_text(encoding="utf-8")
for _was, _now in (
    ('list-price: "24,000"', 'list-price: "24,000", effort: {engineer: {hours: 120, weeks: 3}}'),
    ("checklists:\n  contract:\n", ("checklists:\n  contract:\n"
     "    - capacity: {start: start-date, goes-to: operations, fallback-days: 30}\n")),
    ("answer-hours: 8", "answer-hours: 8, holidays: [2027-04-05]"),
):  # fmt: skip
    assert _was in PLANNED
    PLANNED = PLANNED.replace(_was, _now, 1)
AT_40 = "free then: 40 h of engineers in each of weeks 1-3"


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("hours: 120", "hours: 150",
         f"tighter: Data Platform Core, start date in 7 days, {AT_40}: nobody is needed -> Operations signs"),
        ("hours: 120", "hours: 90", ("looser: Data Platform Core, start date in 7 days, "
         "free then: 30 h of engineers in each of weeks 1-3: Operations signs -> nobody is needed")),
        ("weeks: 3}", "weeks: 3, lead-in-weeks: 2}",
         f"tighter: Data Platform Core, start date in 7 days, {AT_40}: nobody is needed -> Operations signs"),
        ('name: Platform Seat, list-price: 480', 'name: Platform Seat, effort: {trainer: {hours: 1}}',
         "tighter: Platform Seat, start date in 7 days, free then: nobody: nobody is needed -> Operations signs"),
        ("goes-to: operations, fallback", "fallback",
         "tighter: Data Platform Core, start date in 7 days, free then: nobody: Operations signs -> held: capacity says full"),
        ("goes-to: operations, fallback", "fallback",
         "tighter: something else, start date in 7 days: Operations signs -> held: effort not known"),
        ("fallback-days: 30", "fallback-days: 60", (f"tighter: Data Platform Core, no start date, {AT_40}, "
         "counted from 30 days on: nobody is needed -> Operations signs")),
        (", fallback-days: 30", "", (f"tighter: Data Platform Core, no start date, {AT_40}, "
         "counted from 30 days on: nobody is needed -> held: start date not known")),
        ("fallback-days: 30", "fallback-days: 30, fresh-days: 3",
         f"{AT_40}, by a plan 7 days old: nobody is needed -> held: capacity says plan-stale, so the last answer stays"),
        ("fallback-days: 30", "fallback-days: 30, hold-days: 10",
         (f"looser: Data Platform Core, start date in 7 days, {AT_40}, all held by a deal cleared 30 days ago: "
         "Operations signs -> nobody is needed")),
        ("[2027-04-05]", "[2027-04-05, 2027-04-30]", (f"tighter: Data Platform Core, start date 26 April 2027, {AT_40}, "
         "30 April 2027 among them: nobody is needed -> Operations signs")),
        ("    - capacity: {start: start-date, goes-to: operations, fallback-days: 30}\n", "",
         "looser: Data Platform Core, start date in 7 days, free then: nobody: Operations signs -> nobody is needed"),
        ("capacity: {start: start-date,", "capacity: {start: close-date,",
         f"tighter: Data Platform Core, start date in 7 days, {AT_40}: nobody is needed -> Operations signs"),
    ],
)  # fmt: skip
def test_what_changes_through_capacity_has_a_deal_and_a_plan_that_show_it(
    was: str, now: str, told: str
) -> None:
    assert was in PLANNED
    found = witnesses(load(PLANNED, "old.yaml"), load(PLANNED.replace(was, now, 1), "new.yaml"))
    said = [f"{one.direction}: {one.words}" for one in found.found if one.part == "capacity"]
    assert any(told in one for one in said), said


def test_capacity_that_is_looked_at_as_before_has_no_witness() -> None:
    """The chance to win moves the bands that are told, never the answer at the promised start."""
    chance = PLANNED.replace("fallback-days: 30", "fallback-days: 30, win-chance: discount")
    assert witnesses(load(PLANNED, "old.yaml"), load(chance, "new.yaml")).found == ()
