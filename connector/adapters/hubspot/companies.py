"""The company of each deal: only read where the policy names fields of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connector.adapters.hubspot.batches import Row, links, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.library import Library
from connector.adapters.hubspot.vocabulary import words
from connector.deals import Value
from connector.policy.model import Field

_PRIMARY = 5  # deal to primary company


@dataclass(frozen=True, slots=True)
class Companies:
    """The wanted values of each deal's company, by deal."""

    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    alarms: tuple[str | None, ...] = ()


def read_companies(
    client: Client, library: Library, deals: Sequence[str], fields: Sequence[Field]
) -> Companies:
    """Read the primary company of each deal, else the first one."""
    if not fields or not deals:
        return Companies()
    vocabulary = words(fields, library.definitions("companies"))
    company_of = {
        deal: _primary(rows) for deal, rows in links(client, "deals", "companies", deals).items() if rows
    }
    properties = sorted({word.prop for word in vocabulary if word.mapped})
    rows = read(client, "companies", company_of.values(), properties)
    by_company = {
        str(row["id"]): {word.name: word.read(row["properties"]) for word in vocabulary} for row in rows
    }
    nothing = {word.name: word.read(dict.fromkeys(properties) if word.known else {}) for word in vocabulary}
    return Companies(
        {deal: by_company.get(company_of.get(deal, ""), nothing) for deal in deals},
        tuple(word.alarm for word in vocabulary),
    )


def _primary(rows: Sequence[Row]) -> str:
    first = next(
        (row for row in rows if any(t.get("typeId") == _PRIMARY for t in row["associationTypes"])), rows[0]
    )
    return str(first["toObjectId"])
