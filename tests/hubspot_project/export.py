"""Write what the node checks need: `python -m tests.hubspot_project.export FOLDER`.

The project as rendered for each example policy, the document of the card's API, and a hundred deals as panel
and card are told of them.
"""

import json
import sys
from pathlib import Path

from connector.adapters.files import write
from connector.adapters.hubspot.project import render, sources
from connector.policy.load import load
from tests.hubspot_project.panels import panels
from webhooks.cards.openapi import document

EXAMPLES = Path(__file__).parents[2] / "examples"
DEALS = 100


def main(folder: Path) -> None:
    """Write projects and panels below the folder."""
    for path in sorted(EXAMPLES.glob("*.yaml")):
        policy = load(path.read_text(encoding="utf-8"), str(path))
        write(folder / "hubspot" / path.stem, render(policy, sources(), "https://gate.example.org"))
    (folder / "cards.json").write_text(json.dumps(document("1")), encoding="utf-8")
    (folder / "panels.json").write_text(json.dumps(panels(DEALS), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
