"""One JSON for card and panel: what the field in Salesforce is given is what the card is told."""

import json

from connector.deals import OurField
from connector.explain.panel import told
from tests.hubspot_project.panels import lives


def test_the_field_in_salesforce_holds_what_the_card_is_told_of_a_hundred_deals() -> None:
    alone = set()
    for life in lives(100):
        assert life.verdict is not None
        field = json.loads(life.show(OurField.DETAIL))
        assert field == told(life.verdict, life.ground)
        alone.add(field["alone"])
    assert {"", "You alone: up to 10 % discount"} <= alone
