"""Make docs/demo.svg from a run of the demo: `python docs/make_picture.py`."""

import re
import tempfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from rich.console import Console

from connector.commands.demo import policy
from connector.demo.cast import sides
from connector.demo.delivery import with_capacity
from connector.demo.show import final_table
from connector.demo.stage import Silent, on_stage
from connector.demo.story import SCENES, Story, what_was_there
from connector.observe import configure_logging
from sandbox.brightline import EMPTY

_WIDTH = 118
_OUT = Path(__file__).with_name("demo.svg")


def main() -> None:
    """Play the story and save its last table; the picture names no font to download."""
    configure_logging(level="error")
    console = Console(record=True, width=_WIDTH, file=StringIO())
    with (
        tempfile.TemporaryDirectory() as folder,
        sides(EMPTY) as cast,
        on_stage(
            cast, with_capacity(policy("company"), Path(folder)), Path(folder), mailer=Silent()
        ) as stage,
    ):
        story = Story(stage, datetime.now(UTC))
        for side in cast:
            what_was_there(stage, side)
        for scene in SCENES:
            scene.play(story)
            story.settle()
        names = [name for name in story.deals if not name.startswith("Imported")]
        console.print(final_table(story, names, _WIDTH))
    svg = console.export_svg(title="Deals in HubSpot and Salesforce after the demo")
    _OUT.write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
