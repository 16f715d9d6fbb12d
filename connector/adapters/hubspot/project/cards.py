"""The card and the settings page: where they stand, and whom they ask.

https://developers.hubspot.com/docs/apps/developer-platform/add-features/ui-extensions/extension-points/app-cards/reference
"""

import json
from collections.abc import Mapping

Json = Mapping[str, object]

TITLE = "Deal readiness"
PLACES = {"tab": "crm.record.tab", "sidebar": "crm.record.sidebar"}
_MARK = "// Written by `dealgate install hubspot --render`: change policy or settings, then render again."


def card_file(place: str) -> Json:
    """Return the card at one place of the deal's page."""
    return {
        "uid": f"dealgate-readiness-{place}",
        "type": "card",
        "config": {
            "name": TITLE,
            "description": "Whether Operations can deliver this deal as it is, why, and what opens it.",
            "location": PLACES[place],
            "entrypoint": f"/app/cards/{place}.tsx",
            "objectTypes": ["deals"],
        },
    }


def settings_file() -> Json:
    """Return the app's settings page."""
    return {
        "uid": "dealgate-settings",
        "type": "settings",
        "config": {"entrypoint": "/app/settings/settings.tsx"},
    }


def address_module(public_url: str) -> str:
    """Return the module that says where Dealgate answers."""
    return f"{_MARK}\nexport const ADDRESS = {json.dumps(public_url)};\n"
