"""What a policy says about people, roles, delegations, time and waivers, and what it may not say."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from connector.policy.load import load
from connector.policy.model import QuarterEnd, Waiting
from tests.policy.samples import BASE, changed, policy, problems

STAFF = """\
delegations:
  - {from: anna, to: eva, since: 2026-12-21, until: 2027-01-03, roles: operations, up-to: "50,000", pipelines: Sales}
calendar:
  zone: Europe/Amsterdam
  holidays: [2026-12-25, 2026-12-26]
  year-begins-in-month: 2
  quarter-end: {last-days: 5, closes: 20, days: [mon, tue, wed, thu, fri, sat], answer-hours: 4}
waiting: {remind-after: 6, escalate-after: 8, expire-after: 40, pause-at-most: 24, urgent-within-days: 3, urgent-hours: 2}
waivers:
  grant: {commercial: operations, any: [manager, operations]}
  reasons: [pilot, strategic]
  at-most-days: 60
  break-glass: manager
"""


def with_staff(old: str = "", new: str = "") -> str:
    assert not old or STAFF.count(old) == 1, old
    return BASE.replace("offering:\n", (STAFF.replace(old, new) if old else STAFF) + "offering:\n", 1)


def test_people_roles_and_time_are_read_as_written() -> None:
    made = load(with_staff(), "policy.yaml")

    [delegation] = made.delegations
    assert (delegation.giver, delegation.to) == ("anna", "eva")
    assert (delegation.since, delegation.until) == (date(2026, 12, 21), date(2027, 1, 3))
    assert (delegation.up_to, delegation.currency) == (Decimal(50000), "EUR")
    assert (delegation.roles, delegation.pipelines) == ({"operations"}, {"Sales"})
    assert made.calendar.holidays == {date(2026, 12, 25), date(2026, 12, 26)}
    assert made.calendar.first_month == 2
    assert made.calendar.quarter_end == QuarterEnd(5, 9, 20, 4, frozenset(range(6)))
    assert made.waiting == Waiting(6, 8, 40, 24, 8, 3, 2)
    assert made.waivers.grant == {"commercial": ("operations",), "any": ("manager", "operations")}
    assert (made.waivers.longest_days, made.waivers.break_glass) == (60, ("manager",))


def test_holders_may_be_found_in_the_crm() -> None:
    made = policy(
        "holders: [anna]", "holders: [anna, {queue: Deal Desk}, {team: EMEA Ops}], backups: eva, needs: 2"
    )

    operations = made.roles["operations"]
    assert operations.holders == ("anna", "queue:Deal Desk", "team:EMEA Ops")
    assert (operations.backups, operations.needs) == (("eva",), 2)


def test_flags_of_a_role_are_read() -> None:
    made = policy("holders: [anna]", "holders: [anna], needs: all, top: true, last-resort: true")

    operations = made.roles["operations"]
    assert (operations.needs, operations.top, operations.last_resort) == (None, True, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to: eva", "to: anna", 'delegations.1.to: found "anna", who is the giver; allowed: somebody else'),
        ("to: eva", "to: ewa", 'delegations.1.to: found "ewa", which is no person of this policy'),
        ("until: 2027-01-03", "until: 2026-12-20", "found 2026-12-20; allowed: 2026-12-21 or later"),
        ("roles: operations,", "roles: operation,", 'found "operation", which is no role of this policy'),
        ("escalate-after: 8", "escalate-after: 6", "found 6; allowed: more hours than remind-after, 6"),
        (", urgent-hours: 2", "", "names one of urgent-within-days and urgent-hours; needed: both or neither"),
        ("closes: 20", "closes: 8", "calendar.quarter-end.closes: found 8; allowed: an hour after opening, 9"),
        ("grant: {commercial:", "grant: {commerce:", 'found "commerce", which is no matrix or check'),
        ("break-glass: manager", "break-glass: boss", 'found "boss", which is no role of this policy'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_with_its_line(old: str, new: str, said: str) -> None:
    [problem] = problems(with_staff(old, new))

    assert said in problem


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("holders: [anna], needs: 2", "found 2, but it has 1 holders; nobody could ever sign"),
        ("holders: [{queue: Desk}], needs: all", "only people can all be named"),
        ("holders: [{group: Desk}]", "found a block of keys; allowed: a person of this policy"),
        ("holders: ['queue:Desk']", "a block as {queue: Deal Desk}"),
        ("holders: [anna], backups: [bob]", 'roles.operations.backups.1: found "bob"'),
        ("holders: [anna], veto-lifted-by: [boss]", 'found "boss", which is no role of this policy'),
    ],
)
def test_a_role_that_could_never_work_is_refused(new: str, said: str) -> None:
    [problem] = problems(changed("holders: [anna]", new))

    assert said in problem


def test_there_is_one_last_resort() -> None:
    text = changed("holders: [anna]", "holders: [anna], last-resort: true")
    text = text.replace("holders: owner.manager", "holders: owner.manager, last-resort: true")

    [problem] = problems(text)

    assert "found true, but manager is the last resort already" in problem


def test_a_person_may_live_in_another_time_zone() -> None:
    made = policy("name: Anna Bos,", "name: Anna Bos, zone: America/New_York,")

    assert made.people["anna"].zone == "America/New_York"
    [problem] = problems(changed("name: Anna Bos,", "name: Anna Bos, zone: Mars,"))
    assert 'found "Mars"; allowed: a time zone' in problem


def test_the_example_of_the_page_is_a_policy() -> None:
    page = (Path(__file__).parents[2] / "docs" / "signoffs.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    others = {
        "people": "  ruth-klein: {name: Ruth Klein, email: r@example.com}\n"
        "  jan-smit: {name: Jan Smit, email: j@example.com}\n"
    }
    text = example.replace("people:\n", f"people:\n{others['people']}", 1)
    head, tail = BASE.partition("people:")[0], BASE.partition("offering:\n")[2]
    rest = tail.replace("sign-off: manager", "sign-off: founder")

    made = load(f"{head}{text}offering:\n{rest}", "policy.yaml")

    assert made.roles["operations"].holders == ("anna-bos", "queue:Deal Desk", "team:EMEA Ops")
    assert made.waiting.pause_at_most == 24
