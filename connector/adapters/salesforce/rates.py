"""The org's exchange rates: those of today where it keeps them by date, else those of its currencies."""

from collections.abc import Iterable
from datetime import date
from decimal import Context, Decimal

from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.faults import NotShown
from connector.adapters.salesforce.library import OPPORTUNITY, Library
from connector.adapters.salesforce.parsing import Row, number
from connector.adapters.salesforce.soql import select
from connector.policy.model import Quotes

CURRENCY, DATED = "CurrencyType", "DatedConversionRate"
_DIGITS = Context(prec=12)


def read_rates(client: Client, library: Library, today: date) -> Quotes | None:
    """Return what each currency is worth in the corporate one; None where the org keeps one currency, or
    hides them from us.

    Salesforce says it the other way round: so many of the currency are one corporate unit.

    https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_currencytype.htm
    """
    if "CurrencyIsoCode" not in library.described(OPPORTUNITY):
        return None
    fields = ("IsoCode", "ConversionRate", "IsCorporate", "LastModifiedDate")
    try:
        rows = client.rows(select(fields, CURRENCY, "IsActive = {}", True), CURRENCY)  # noqa: FBT003
    except NotShown:
        return None  # the doctor says so
    home = next((str(row["IsoCode"]) for row in rows if row.get("IsCorporate")), None)
    others = [row for row in rows if not row.get("IsCorporate")]
    if home is None or not others:
        return None
    dated = _dated(client, library, today)
    worth = {**_worth(others), **_worth(dated)}
    worth.pop(home, None)
    return Quotes(home, worth, _newest(dated, "StartDate") or _newest(others, "LastModifiedDate"))


def _dated(client: Client, library: Library, today: date) -> list[Row]:
    """Return today's rate of each currency in an org with advanced currency management: each is in force
    until the next one starts.

    https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_datedconversionrate.htm
    """
    if not library.described(DATED).fields:
        return []
    fields = ("IsoCode", "ConversionRate", "StartDate")
    in_force = "StartDate <= {} AND (NextStartDate > {} OR NextStartDate = {})"
    return client.rows(select(fields, DATED, in_force, today, today, None), DATED)


def _worth(rows: Iterable[Row]) -> dict[str, Decimal]:
    told = {str(row["IsoCode"]): number(row.get("ConversionRate")) for row in rows}
    return {
        currency: _DIGITS.divide(1, rate) for currency, rate in told.items() if rate is not None and rate > 0
    }


def _newest(rows: Iterable[Row], field: str) -> date | None:
    days = [str(row[field])[:10] for row in rows if row.get(field)]
    return date.fromisoformat(max(days)) if days else None
