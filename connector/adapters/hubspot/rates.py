"""The account's exchange rates."""

from datetime import date
from decimal import Decimal

from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.parsing import number
from connector.adapters.hubspot.paths import RATES
from connector.errors import CrmRefused
from connector.policy.model import Quotes


def read_rates(client: Client) -> Quotes | None:
    """Return what each currency is worth in the company's own; None where the account has no other, or the
    app may not see them.

    https://developers.hubspot.com/docs/api-reference/latest/account/settings/multicurrency/guide.md
    """
    try:
        rows = list(client.call(RATES).data.get("results") or [])
    except CrmRefused:
        return None
    told: dict[str, Decimal | None] = {
        str(row["fromCurrencyCode"]): number(str(row.get("conversionRate", ""))) for row in rows
    }
    worth = {currency: rate for currency, rate in told.items() if rate is not None and rate > 0}
    if not worth:
        return None
    newest = max(str(row.get("effectiveAt") or "")[:10] for row in rows)
    return Quotes(str(rows[0]["toCurrencyCode"]), worth, date.fromisoformat(newest) if newest else None)
