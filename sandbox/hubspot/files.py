"""The file manager, as far as attachments need it: names, and the search by ids."""

from itertools import count
from pathlib import PurePath

from sandbox.hubspot.errors import JsonObject


class Files:
    """The files of one account; the extension is kept apart from the name."""

    def __init__(self) -> None:
        self._files: dict[str, PurePath] = {}
        self._numbers = count(90_001)

    def add(self, name: str) -> str:
        """Keep a file; return its id."""
        made = str(next(self._numbers))
        self._files[made] = PurePath(name)
        return made

    def shown(self, ids: tuple[str, ...]) -> list[JsonObject]:
        """Return those of the files that there are."""
        found = {one: self._files[one] for one in ids if one in self._files}
        return [
            {"id": one, "name": path.stem, "extension": path.suffix.lstrip("."), "archived": False}
            for one, path in found.items()
        ]
