"""What is left of a query for the pages after the first."""

from itertools import count

from sandbox.salesforce.errors import JsonObject, bad_request

_MOST = 100


class Cursors:
    """Keeps the newest cursors. Guarded by the org's lock."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._rows: dict[str, tuple[int, list[JsonObject]]] = {}

    def keep(self, rows: list[JsonObject], base: str, place: int, verb: str = "query") -> str:
        """Return the URL of what comes after the first `place` rows."""
        name = f"01gQy{next(self._numbers):013d}"
        self._rows[name] = (len(rows), rows)
        if len(self._rows) > _MOST:
            del self._rows[next(iter(self._rows))]
        return f"{base}/{verb}/{name}-{place}"

    def page(self, locator: str, base: str, size: int, verb: str) -> JsonObject:
        """Return the page that a locator names."""
        name, _, place = locator.partition("-")
        if name not in self._rows or not place.isdecimal():
            raise bad_request("INVALID_QUERY_LOCATOR", "invalid query locator")
        total, rows = self._rows[name]
        return self.answer(rows, total, int(place), size, f"{base}/{verb}/{name}")

    @staticmethod
    def answer(rows: list[JsonObject], total: int, start: int, size: int, url: str) -> JsonObject:
        """Return the body of one page; `url` without the place where the next begins."""
        end = start + size
        body: JsonObject = {"totalSize": total, "done": end >= len(rows), "records": rows[start:end]}
        if end < len(rows):
            body["nextRecordsUrl"] = f"{url}-{end}"
        return body
