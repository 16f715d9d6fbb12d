"""What Salesforce itself works out of an opportunity, its lines and its history."""

from collections.abc import Mapping
from decimal import Decimal

from sandbox.salesforce.drafts import Draft
from sandbox.salesforce.errors import bad_request
from sandbox.salesforce.records import Record, Records
from sandbox.salesforce.values import Value

_TRACKED = ("StageName", "Amount", "CloseDate", "Probability", "ForecastCategory")
_KEPT = ("StageName", "Amount", "ExpectedRevenue", "CloseDate", "Probability", "ForecastCategory")
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")


def settle(draft: Draft, records: Records) -> None:
    """Fill in what follows from stage and amount. An amount for a deal with products is ignored."""
    changes = draft.changes
    if draft.prior("HasOpportunityLineItem") and "Amount" in draft.asked:
        changes.pop("Amount", None)
    if draft.is_new or draft.is_changed("StageName"):
        _enter(draft, _stage(draft, records))
    if not draft.asked.isdisjoint({"Amount", "Probability", "StageName"}) or "Amount" in changes:
        changes["ExpectedRevenue"] = _share(draft.value("Amount"), draft.value("Probability"))


def _stage(draft: Draft, records: Records) -> Record:
    name = draft.text("StageName")
    found = next((one for one in records.all("OpportunityStage") if one.values["ApiName"] == name), None)
    if found is None:
        message = f"Stage: bad value for restricted picklist field: {name}"
        raise bad_request("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, "StageName")
    return found


def _enter(draft: Draft, stage: Record) -> None:
    changes = draft.changes
    for name in ("IsClosed", "IsWon", "ForecastCategory"):
        changes[name] = stage.values[name]
    if "Probability" not in draft.asked:
        changes["Probability"] = stage.values["DefaultProbability"]
    if "ForecastCategoryName" not in draft.asked:
        changes["ForecastCategoryName"] = stage.values["ForecastCategoryName"]
    changes["LastStageChangeDate"] = draft.at


def leaves_history(changed: frozenset[str]) -> bool:
    """Say whether a save leaves a row in OpportunityHistory."""
    return not changed.isdisjoint(_TRACKED)


def history_row(record: Record, before: Mapping[str, Value]) -> dict[str, Value]:
    """Return the row: the deal as it is now, and the amount and close date it had."""
    row: dict[str, Value] = {name: record.values.get(name) for name in _KEPT}
    row |= {"OpportunityId": record.id, "PrevAmount": before.get("Amount")}
    return row | {"PrevCloseDate": before.get("CloseDate")}


def settle_line(draft: Draft, records: Records) -> None:
    """Fill in product, list price and totals of a line."""
    changes = draft.changes
    if draft.is_new:
        _from_entry(draft, records)
    quantity, discount = draft.value("Quantity"), draft.value("Discount") or Decimal(0)
    if "TotalPrice" in draft.asked and "UnitPrice" not in draft.asked:
        changes["UnitPrice"] = _divided(draft.value("TotalPrice"), quantity)
    price = draft.value("UnitPrice")
    if not isinstance(price, Decimal) or not isinstance(quantity, Decimal):
        raise bad_request("REQUIRED_FIELD_MISSING", "Required fields are missing: [UnitPrice]", "UnitPrice")
    changes["Subtotal"] = (price * quantity).quantize(_CENT)
    changes["TotalPrice"] = (price * quantity * (1 - Decimal(str(discount)) / _HUNDRED)).quantize(_CENT)


def _from_entry(draft: Draft, records: Records) -> None:
    entry = records.find(draft.text("PricebookEntryId")) or _entry_of(draft.text("Product2Id"), records)
    deal = records.find(draft.text("OpportunityId"))
    if entry is None or deal is None:
        raise bad_request(
            "FIELD_INTEGRITY_EXCEPTION",
            "field integrity exception: PricebookEntryId (pricebook entry has been inactivated)",
            "PricebookEntryId",
        )
    product = records.find(entry.text("Product2Id"))
    name = product.text("Name") if product else ""
    draft.changes |= {
        "PricebookEntryId": entry.id,
        "Product2Id": entry.values["Product2Id"],
        "ProductCode": product.values.get("ProductCode") if product else None,
        "Name": f"{deal.text('Name')} {name}",
        "ListPrice": entry.values["UnitPrice"],
    }
    if "CurrencyIsoCode" in draft.sobject.fields:
        draft.changes["CurrencyIsoCode"] = deal.values.get("CurrencyIsoCode")
    draft.changes.setdefault("UnitPrice", entry.values["UnitPrice"])


def _entry_of(product: str, records: Records) -> Record | None:
    return next((one for one in records.children("PricebookEntry", "Product2Id", product)), None)


def rolled_up(deal: Record, records: Records) -> dict[str, Value]:
    """Return what a deal's lines make of it; it keeps its amount when the last one goes."""
    lines = [
        line for line in records.children("OpportunityLineItem", "OpportunityId", deal.id) if not line.deleted
    ]
    if not lines:
        return {"HasOpportunityLineItem": False}
    total = sum((_number(line.values.get("TotalPrice")) for line in lines), Decimal(0))
    return {
        "HasOpportunityLineItem": True,
        "Amount": total,
        "ExpectedRevenue": _share(total, deal.values.get("Probability")),
    }


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _share(amount: Value, percent: Value) -> Value:
    if not isinstance(amount, Decimal) or not isinstance(percent, Decimal):
        return None
    return (amount * percent / _HUNDRED).quantize(_CENT)


def _divided(total: Value, quantity: Value) -> Value:
    if not isinstance(total, Decimal) or not isinstance(quantity, Decimal) or not quantity:
        return None
    return (total / quantity).quantize(_CENT)
