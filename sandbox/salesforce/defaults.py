"""What a new record holds that nobody gave it, and what none may lack."""

from sandbox.salesforce.drafts import Draft
from sandbox.salesforce.errors import bad_request
from sandbox.salesforce.records import Records
from sandbox.salesforce.schema import Type


def fill(draft: Draft, records: Records) -> None:
    """Fill in defaults, owner and currency of a new record."""
    fields, changes = draft.sobject.fields, draft.changes
    for field in fields.values():
        if field.type is Type.BOOLEAN and not field.formula:
            changes.setdefault(field.name, field.default or False)
        elif field.default is not None:
            changes.setdefault(field.name, field.default)
    if "OwnerId" in fields:
        changes.setdefault("OwnerId", draft.user)
    if "CurrencyIsoCode" in fields:
        changes.setdefault("CurrencyIsoCode", corporate_currency(records))
    if draft.sobject.setting:
        _fill_setting(draft, records)


def corporate_currency(records: Records) -> str | None:
    """Return the org's own currency; None where it keeps only one."""
    rows = records.all("CurrencyType")
    return next((one.text("IsoCode") for one in rows if one.values["IsCorporate"]), None)


def require(draft: Draft) -> None:
    """Refuse a draft that lacks a required field."""
    missing = [
        field.name
        for field in draft.sobject.fields.values()
        if field.required
        and (draft.is_new or field.name in draft.changes)
        and draft.value(field.name) is None
    ]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise bad_request("REQUIRED_FIELD_MISSING", message, *missing)


def _fill_setting(draft: Draft, records: Records) -> None:
    """A setting is for the whole org unless it says for whom; there is one for each."""
    draft.changes.setdefault("SetupOwnerId", next(records.all("Organization")).id)
    owner = draft.text("SetupOwnerId")
    others = records.children(draft.sobject.name, "SetupOwnerId", owner)
    other = next((one for one in others if not one.deleted), None)
    if other is not None:
        message = f"duplicate value found: SetupOwnerId duplicates value on record with id: {other.id}"
        raise bad_request("DUPLICATE_VALUE", message)
