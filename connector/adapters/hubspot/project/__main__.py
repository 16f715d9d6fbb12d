"""Write the project for a policy: `python -m connector.adapters.hubspot.project hubspot POLICY`."""

import sys
from pathlib import Path

from connector.adapters.files import write
from connector.adapters.hubspot.project import render, sources
from connector.policy.load import load


def main(folder: str, policy: str) -> None:
    """Write every file below the folder; files that are no longer rendered are left for git to show."""
    write(Path(folder), render(load(Path(policy).read_text(encoding="utf-8"), policy), sources()))


if __name__ == "__main__":
    main(*sys.argv[1:])
