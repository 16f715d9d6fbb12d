"""Write the package with its placeholders: `python -m connector.adapters.salesforce.package salesforce`."""

import sys
from pathlib import Path

from connector.adapters.salesforce.package import render, write


def main(folder: str) -> None:
    """Write every file below the folder; files that are no longer rendered are left for git to show."""
    write(Path(folder), render(()))


if __name__ == "__main__":
    main(sys.argv[1])
