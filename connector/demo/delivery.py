"""How the demo's company delivers: consultants implement by the day, and are full for the next weeks.

The sandbox's policy with their effort and the capacity check, and a plan as Operations imports it.
"""

from datetime import date, timedelta
from pathlib import Path

import yaml

from connector.capacity.sheet import read_sheet
from connector.desk import Desk

FULL_FOR = timedelta(weeks=6)
SKU = "IM-DAY"
_EFFORT = {"consultant": {"hours": 8, "weeks": 4}}
_START = {"label": "start date", "worse": "lower"}
_HOURS = 240  # a week: six consultants


def with_capacity(policy: Path, folder: Path) -> Path:
    """Write the sandbox's policy, in which the work is sold that takes consultants; return where."""
    told = yaml.safe_load(policy.read_text(encoding="utf-8"))
    told["fields"]["start-date"] |= _START
    told["offering"]["start"] = "start-date"
    for product in told["offering"]["products"]:
        if product["sku"] == SKU:
            product["effort"] = _EFFORT
    for checklist in told["checklists"].values():
        checklist.append({"capacity": {"goes-to": "operations"}})
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump(told, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def plan_of(today: date) -> str:
    """Return the plan as a sheet: six consultants, and planned work that takes them all for some weeks."""
    until = today + FULL_FOR
    return "\n".join(
        (
            "kind,role,who,from,until,hours,note",
            f"as-of,,,{today},,,",
            f"supply,consultant,Delivery,{today - timedelta(days=7)},,{_HOURS},",
            f"commitment,consultant,,{today},{until},{_HOURS},Globex roll-out",
        )
    )


def import_plan(desk: Desk, today: date) -> None:
    """Import the plan, as `dealgate capacity import` does."""
    sheet = read_sheet(plan_of(today).encode(), "plan.csv", today)
    desk.store.capacity.replace(desk.account, sheet, desk.now())
