"""The written half of the project: the card and the settings page, as they stand in `hubspot/`.

`source` is a link to `hubspot/src/app`; a built wheel holds the files themselves (ADR 150).
"""

from collections.abc import Mapping
from importlib.resources import files

_FOLDERS = ("cards", "settings")
_SUFFIXES = (".ts", ".tsx", "package.json", "tsconfig.json")


def sources() -> Mapping[str, str]:
    """Return path -> text of every written file, paths relative to the project."""
    root = files("connector.adapters.hubspot.project") / "source"
    return {
        f"src/app/{folder}/{one.name}": one.read_text(encoding="utf-8")
        for folder in _FOLDERS
        for one in sorted((root / folder).iterdir(), key=lambda one: one.name)
        if one.is_file() and one.name.endswith(_SUFFIXES)
    }
