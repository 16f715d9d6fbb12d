"""Many records in few calls: batch reads, and what HubSpot says of single rows in a 207."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.paths import BATCH_READ, LINKS
from connector.errors import CrmUnavailable

BATCH = 100
BATCH_WITH_HISTORY = 50
LINK_BATCH = 1_000
_READINGS = 3
_GONE = frozenset({"OBJECT_NOT_FOUND"})

Row = Mapping[str, Any]


def chunks(ids: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """Yield the ids in parts of `size`, each id once."""
    unique = tuple(dict.fromkeys(ids))
    for start in range(0, len(unique), size):
        yield unique[start : start + size]


def read(
    client: Client, kind: str, ids: Iterable[str], properties: Sequence[str], history: Sequence[str] = ()
) -> Iterator[Row]:
    """Yield the records that exist; those not yielded are gone. 100 a call, 50 with history."""
    for part in chunks(ids, BATCH_WITH_HISTORY if history else BATCH):
        yield from _read_part(client, kind, part, properties, history)


def _read_part(
    client: Client, kind: str, ids: tuple[str, ...], properties: Sequence[str], history: Sequence[str]
) -> Iterator[Row]:
    wanted = ids
    for _ in range(_READINGS):
        body = {
            "inputs": [{"id": one} for one in wanted],
            "properties": list(properties),
            "propertiesWithHistory": list(history),
        }
        data = client.call(BATCH_READ, kind, body=body).data
        yield from data.get("results", ())
        wanted = _unread(data)
        if not wanted:
            return
    raise CrmUnavailable(f"HubSpot keeps failing to read {len(wanted)} {kind}.", reason="hubspot-partial")


def _unread(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids whose reading failed for another reason than that they do not exist."""
    failed = (error for error in data.get("errors", ()) if error.get("category") not in _GONE)
    return tuple(one for error in failed for one in named(error, "ids"))


def links(client: Client, kind: str, to: str, ids: Iterable[str]) -> dict[str, list[Row]]:
    """Return what hangs on each record, by its id: rows of `toObjectId` and `associationTypes`.

    1,000 records a call; records with more than one page of links are asked again.
    """
    found: dict[str, list[Row]] = {}
    inputs = [{"id": one} for one in dict.fromkeys(ids)]
    while inputs:
        part, inputs = inputs[:LINK_BATCH], inputs[LINK_BATCH:]
        data = client.call(LINKS, kind, to, body={"inputs": part}).data
        if not all(_nothing_linked(error) for error in data.get("errors", ())):
            raise CrmUnavailable(f"HubSpot did not read all links of {kind}.", reason="hubspot-partial")
        for row in data.get("results", ()):
            origin = str(row["from"]["id"])
            found.setdefault(origin, []).extend(row.get("to", ()))
            after = ((row.get("paging") or {}).get("next") or {}).get("after")
            if after:
                inputs.append({"id": origin, "after": str(after)})
    return found


def _nothing_linked(error: Mapping[str, Any]) -> bool:
    """Tell whether a row's error only says that nothing hangs on the record, or that it is gone."""
    words = f"{error.get('category')} {error.get('subCategory')}"
    return "NOT_FOUND" in words or "NO_ASSOCIATIONS" in words


def linked_ids(rows: Iterable[Row]) -> list[str]:
    """Return the ids at the far end of these links, each once, in order."""
    return list(dict.fromkeys(str(row["toObjectId"]) for row in rows))


def named(error: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the ids or trace ids that a row's error names; HubSpot sends one or a list."""
    value = (error.get("context") or {}).get(name) or ()
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)
