"""The card and the settings page: where they stand, whom they ask, and what the rep may think through.

https://developers.hubspot.com/docs/apps/developer-platform/add-features/ui-extensions/extension-points/app-cards/reference
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from connector.adapters.hubspot.vocabulary import property_of
from connector.policy.model import Derived, Field, Home

Json = Mapping[str, object]

TITLE = "Deal readiness"
PLACES = {"tab": "crm.record.tab", "sidebar": "crm.record.sidebar"}
_MARK = "// Written by `dealgate install hubspot --render`: change policy or settings, then render again."
_HEAD = f"""{_MARK}
import type {{ Changeable }} from './shapes';

export const CHANGEABLE: readonly Changeable[] = ["""


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


def fields_module(fields: Iterable[Field]) -> str:
    """Return the module that names what a rep may change, for "what if"."""
    rows = "".join(f"  {json.dumps(row, ensure_ascii=False)},\n" for row in map(_row, _changeable(fields)))
    return f"{_HEAD}\n{rows}];\n"


def _changeable(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield what stands on the deal, and the discount, which moves the prices of all lines alike."""
    for field in fields:
        thinkable = field.home is Home.DEAL or field.derived is Derived.DISCOUNT
        if field.rep_may_change and not field.hidden and thinkable:
            yield field


def _row(field: Field) -> Json:
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type.value,
        "property": property_of(field),
        "options": list(field.options),
        "unit": field.unit,
    }
