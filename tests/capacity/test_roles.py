"""Roles of the offering and of the plan that do not meet."""

from datetime import date

from connector.capacity.records import Snapshot
from connector.capacity.roles import unmet, unplanned
from connector.capacity.sheet import read_sheet
from connector.policy.load import load
from connector.policy.model import Policy
from tests.policy.samples import BASE

HEAD = "kind,role,who,from,until,hours,days,deal,note\n"


def plan(*rows: str) -> Snapshot:
    return read_sheet((HEAD + "".join(rows)).encode(), "plan.csv", date(2026, 3, 2))


def policy(*effort: str) -> Policy:
    more = "".join(
        f"    - {{sku: P{place}, name: P{place}, effort: {{{one}}}}}\n" for place, one in enumerate(effort)
    )
    return load(BASE.replace("checklists:\n", f"{more}checklists:\n", 1), "policy.yaml")


SAM = "supply,engineer,Sam,2026-01-01,,40,,,\n"


def test_a_role_without_hours_is_told_once_with_its_product_and_the_nearest_name() -> None:
    sold = policy("enginer: 8, engineer: 4", "enginer: 2, pilot: 1")
    assert [str(one) for one in unplanned(plan(SAM), sold)] == [
        (
            "policy.yaml:17: offering.products.P0.effort.enginer: the capacity plan has no supply of it."
            " Did you mean engineer?"
        ),
        "policy.yaml:18: offering.products.P1.effort.pilot: the capacity plan has no supply of it",
    ]
    assert list(unplanned(plan(SAM), policy("engineer: 8"))) == []


def test_work_without_hours_and_hours_without_work_are_told_in_words() -> None:
    pilot = "commitment,pilot,,2026-01-01,2026-01-02,8,,,\n"
    assert list(unmet(plan(SAM, pilot), policy("enginer: 8"))) == [
        "enginer has no supply, but the offering needs it. Did you mean engineer?",
        "pilot has commitments but no supply.",
        "no product needs engineer. Did you mean enginer?",
    ]
    assert list(unmet(plan(SAM), policy())) == []


def test_leave_of_somebody_whom_no_supply_names_is_told() -> None:
    leave = "leave,,Samm,2026-03-02,2026-03-06,,,,\nleave,,,2026-12-24,2026-12-31,,,,\n"
    assert list(unmet(plan(SAM, leave), policy())) == [
        "leave of Samm lowers nothing: no supply names Samm. Did you mean Sam?"
    ]
