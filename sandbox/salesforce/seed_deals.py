"""Deals of a Company as opportunities, with the path they took and their lines.

What differs from a HubSpot: an opportunity must have a close date and an owner, and with products its
amount is their sum, so lines are priced to come to it. Where the company knows no close date it is 30 days
after the last step; without an owner the deal belongs to the administrator.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sandbox import company as c
from sandbox.salesforce.org import Org
from sandbox.salesforce.seeded import Seeded
from sandbox.salesforce.values import moment

_ROUNDING = Decimal("0.01")
_CLOSES_AFTER = timedelta(days=30)


def load(org: Org, made: Seeded, deal: c.Deal) -> str:
    """Create one deal and play its path; return its id."""
    first = deal.path[0]
    record = org.create(
        "Opportunity",
        {**values(deal, made), "StageName": first.stage},
        _who(first.by, made),
        at=moment(first.at),
        id_=deal.crm_id,
    )
    for line in priced(deal):
        one = {"OpportunityId": record.id, **line_values(line, made)}
        org.create("OpportunityLineItem", one, _who(first.by, made), at=moment(first.at))
    for contact in deal.contacts:
        role = {"OpportunityId": record.id, "ContactId": made.contacts[contact], "IsPrimary": True}
        org.create("OpportunityContactRole", role, _who(first.by, made), at=moment(first.at))
    for step in deal.path[1:]:
        org.update(record, {"StageName": step.stage}, _who(step.by, made), at=moment(step.at))
    return record.id


def values(deal: c.Deal, made: Seeded) -> dict[str, object]:
    """Return the fields of a deal, without its lines and people."""
    found: dict[str, object] = {
        "Name": deal.name,
        "StageName": deal.stage,
        "RecordTypeId": made.record_types[deal.pipeline],
        "OwnerId": made.users[f"employee {deal.owner}"] if deal.owner else made.users["admin@example.com"],
        "CloseDate": _close_date(deal).isoformat(),
        "Pricebook2Id": made.price_book,
    }
    if deal.amount is not None:
        found["Amount"] = deal.amount
    if deal.customer is not None:
        found["AccountId"] = made.customers[deal.customer]
    return found | custom_values(deal.values)


def custom_values(given: Mapping[str, str]) -> dict[str, object]:
    """Return the company's own fields under their names in the org."""
    return {f"{name}__c": value for name, value in given.items()}


def priced(deal: c.Deal) -> tuple[c.Line, ...]:
    """Return the lines at prices that come to the deal's amount, as they do where it is their sum."""
    total = c.net(deal.lines)
    if deal.amount is None or not total or abs(total - deal.amount) < _ROUNDING:
        return deal.lines
    share = deal.amount / total
    return tuple(replace(line, price=(line.price or Decimal(0)) * share) for line in deal.lines)


def line_values(line: c.Line, made: Seeded) -> dict[str, object]:
    """Return the fields of a line; a percentage discount keeps the list price in `UnitPrice`."""
    found: dict[str, object] = {
        "PricebookEntryId": made.entries[line.sku or line.name],
        "Quantity": line.quantity,
        "UnitPrice": line.price or 0,
    }
    if line.discount:
        found["Discount"] = line.discount * 100
    return found


def _close_date(deal: c.Deal) -> date:
    if deal.close_date is not None:
        return deal.close_date
    last: datetime = moment(deal.path[-1].at)
    return (last + _CLOSES_AFTER).date()


def _who(by: str | None, made: Seeded) -> str:
    return made.users.get(f"employee {by}", made.users["data.loader@example.com"])
