"""Which deals hang on one account: written side by side in two calls they would lock each other out."""

from collections.abc import Iterable

from connector.adapters.salesforce.parsing import Row

_MOST = 100_000


class Neighbours:
    """The account of each deal that was read, as far as we remember."""

    def __init__(self) -> None:
        self._account_of: dict[str, str] = {}

    def learn(self, rows: Iterable[Row]) -> None:
        """Remember the accounts of these opportunities."""
        if len(self._account_of) > _MOST:
            self._account_of.clear()
        self._account_of.update({str(row["Id"]): str(row.get("AccountId") or "") for row in rows})

    def place(self, deal: str) -> tuple[str, str]:
        """Return where a deal stands in the order of writing."""
        return self._account_of.get(deal, ""), deal
