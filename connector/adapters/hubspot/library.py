"""What changes rarely, kept for a while: pipelines, owners, property definitions, list prices."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from connector.adapters.hubspot.batches import BATCH, chunks, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.parsing import number
from connector.adapters.hubspot.paths import LIST_PROPERTIES, SEARCH_FILES
from connector.adapters.kept import Kept


@dataclass(frozen=True, slots=True)
class Definition:
    """A property as the account has it."""

    name: str
    type: str
    field_type: str
    label: str
    options: tuple[Mapping[str, Any], ...] = ()
    display_hint: str | None = None
    own: bool = False  # the account made it
    money: bool = False

    @property
    def several(self) -> bool:
        """Tell whether a value may hold many options."""
        return self.field_type == "checkbox" and self.type == "enumeration"

    @property
    def fraction(self) -> bool:
        """Tell whether 18 % is kept as 0.18: where the account says so, and of HubSpot's own chances."""
        return self.display_hint in _AS_PERCENT or self.name in _CHANCES


_AS_PERCENT = frozenset({"percentage", "probability"})
# A stage's chance is 0.0 to 1.0 in the pipeline's own metadata, and so on the deal, however it is shown.
_CHANCES = frozenset({"hs_deal_stage_probability", "hs_forecast_probability"})

Definitions = Mapping[str, Definition]


class Library:
    """The definitions of each object type, and the list prices of products."""

    def __init__(self, client: Client, now: Callable[[], datetime], ttl: timedelta) -> None:
        self._client = client
        self._now = now
        self._ttl = ttl
        self._definitions: dict[str, Kept[Definitions]] = {}
        self._prices: dict[str, tuple[datetime, Decimal | None]] = {}
        self._files: dict[str, str] = {}

    def definitions(self, kind: str) -> Definitions:
        """Return the properties of an object type by name."""
        return self._shelf(kind).get()

    def renewed_definitions(self, kind: str) -> Definitions:
        """Return them as they are now, for an answer did not fit them."""
        return self._shelf(kind).renewed()

    def forget(self) -> None:
        """Read the definitions again: they were just changed."""
        for shelf in self._definitions.values():
            shelf.forget()

    def list_prices(self, products: Iterable[str]) -> Mapping[str, Decimal | None]:
        """Return the price of each product; None where it has none or is gone."""
        asked = set(products)
        oldest = self._now() - self._ttl
        known = {one: self._prices[one] for one in asked & self._prices.keys()}
        stale = sorted(one for one in asked if one not in known or known[one][0] < oldest)
        if stale:
            rows = read(self._client, "products", stale, ["price"])
            found = {str(row["id"]): number(row["properties"].get("price")) for row in rows}
            self._prices.update({one: (self._now(), found.get(one)) for one in stale})
        return {one: self._prices[one][1] for one in asked}

    def file_names(self, files: Iterable[str]) -> Mapping[str, str]:
        """Return the name of each file that HubSpot shows us; an attachment keeps its name, so it is read
        once."""
        asked = set(files)
        for part in chunks(sorted(asked - self._files.keys()), BATCH):
            query = {"ids": [int(one) for one in part if one.isdecimal()], "limit": BATCH}
            rows = self._client.call(SEARCH_FILES, query=query).data.get("results", ())
            self._files.update({str(row["id"]): _file_name(row) for row in rows})
        return {one: self._files[one] for one in asked & self._files.keys()}

    def _shelf(self, kind: str) -> Kept[Definitions]:
        if kind not in self._definitions:
            self._definitions[kind] = Kept(lambda: self._load(kind), self._now, self._ttl)
        return self._definitions[kind]

    def _load(self, kind: str) -> Definitions:
        rows = self._client.call(LIST_PROPERTIES, kind).data.get("results", ())
        return {row["name"]: _definition(row) for row in rows if not row.get("archived")}


def _file_name(row: Mapping[str, Any]) -> str:
    """Return the name with its extension, which HubSpot keeps apart."""
    name, extension = str(row.get("name") or ""), str(row.get("extension") or "")
    return f"{name}.{extension}" if extension and not name.endswith(f".{extension}") else name


def _definition(row: Mapping[str, Any]) -> Definition:
    return Definition(
        row["name"],
        row.get("type") or "",
        row.get("fieldType") or "",
        row.get("label") or "",
        tuple(row.get("options") or ()),
        row.get("numberDisplayHint"),
        own=row.get("hubspotDefined") is False,
        money=bool(row.get("showCurrencySymbol")),
    )
