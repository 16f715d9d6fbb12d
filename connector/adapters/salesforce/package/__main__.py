"""Write the package with its placeholders: `python -m connector.adapters.salesforce.package salesforce`."""

import sys
from pathlib import Path

from connector.adapters.salesforce.package import render


def main(folder: str) -> None:
    """Write every file below the folder; files that are no longer rendered are left for git to show."""
    for name, text in render(()).items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
