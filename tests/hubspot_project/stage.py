"""The whole product and a HubSpot in small, for a card that runs elsewhere: `python -m tests.hubspot_project.stage`.

Prints one line of JSON, the address and what HubSpot signs with, and serves until its input ends.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cards.caller import signing
from tests.worker.play import ANNA, LENA, staged


def main() -> None:
    """Sell one deal and serve."""
    with TemporaryDirectory() as folder, staged(Path(folder), f"sqlite:///{folder}/dealgate.db") as play:
        made = signing(play)
        deal = play.sell(18, stage="discovery")
        assert play.settle()
        told = {
            "url": made.public_url, "secret": made.secret, "portal": made.portal, "app": made.app,
            "deal": int(deal), "lena": LENA, "anna": ANNA,
        }  # fmt: skip
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
