"""The whole product and a Salesforce in small, for a panel that runs elsewhere: `python -m
tests.salesforce_package.stage`.

Prints one line of JSON, the address, a deal and who is signed in, and serves until its input ends.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from connector.commands.demo import policy
from connector.demo.cast import sides
from connector.demo.sides import SalesforceSide
from connector.demo.stage import Silent, on_stage
from connector.demo.story import LENA, Story
from sandbox.brightline import EMPTY

ANNA = "9120"


def main() -> None:
    """Sell one deal and serve."""
    with (
        TemporaryDirectory() as folder,
        sides(EMPTY, ("salesforce",)) as [side],
        on_stage([side], policy("company"), Path(folder), mailer=Silent()) as stage,
    ):
        assert isinstance(side, SalesforceSide)
        story = Story(stage, stage.app.clock())
        story.opens(LENA, "Acme", 18, stage="discovery")
        assert stage.settle()
        people = {
            name: {"id": side.crm.user(user), "token": side.crm.sign_in(user)}
            for name, user in (("lena", LENA), ("anna", ANNA))
        }
        told = {"url": side.crm.url, "deal": story.deals["Acme"][side.account], **people}
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
