"""Rendered files on disk: what is deployed into a CRM."""

from collections.abc import Mapping
from pathlib import Path

from connector.errors import ConfigurationError


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write every file below the folder, by its path; return the folder. What is there besides stays."""
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"It cannot be written: {error.strerror}.",
            where=str(error.filename or folder),
            hint="Name a folder that may be written.",
        ) from error
    return folder
