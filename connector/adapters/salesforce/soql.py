"""Queries: values only ever enter quoted, names only from the org's own descriptions or from this code."""

from collections.abc import Iterable, Sequence

from simple_salesforce.format import format_soql

BATCH = 200  # ids in one query: longer lists outgrow a URL


def select(fields: Iterable[str], source: str, where: str = "", *values: object, rest: str = "") -> str:
    """Write one query. Each {} of `where` takes one value and quotes it; `rest` is what follows."""
    condition = f" WHERE {format_soql(where, *values)}" if where else ""
    return f"SELECT {', '.join(dict.fromkeys(fields))} FROM {source}{condition}{rest and ' '}{rest}"  # noqa: S608


def children(fields: Sequence[str], relation: str, rest: str = "") -> str:
    """Write a subquery over a record's children, to stand among the fields."""
    return f"({select(fields, relation, rest=rest)})"
