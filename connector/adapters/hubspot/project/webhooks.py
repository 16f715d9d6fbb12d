"""What rings our bell: the inputs that the policy reads and what people tell us, never what we write.

HubSpot sends nothing for a property that the account does not have: install the properties first.
https://developers.hubspot.com/docs/apps/developer-platform/add-features/configure-webhooks
"""

from collections.abc import Iterable, Iterator, Mapping

from connector.adapters.base import Wanted
from connector.adapters.hubspot.fields import OUR_PROPERTIES, TASK_DECISION, TASK_LIMIT, TASK_NOTE
from connector.adapters.hubspot.lines import PROPERTIES as LINE_PROPERTIES
from connector.adapters.hubspot.subscriptions import GENERIC, Action
from connector.adapters.hubspot.vocabulary import property_of
from connector.deals import OurField
from connector.policy.model import Field, Home

Json = Mapping[str, object]

ROUTE = "/webhooks/hubspot"
_AT_ONCE = 10  # HubSpot's own default; it takes no fewer than 6
_STANDING = ("dealstage", "pipeline", "amount", "closedate", "deal_currency_code", "hubspot_owner_id")
_TOLD = (OurField.REQUEST, OurField.REQUEST_NOTE, OurField.DECISION, OurField.DECISION_NOTE)
_TASK_PROPERTIES = (TASK_DECISION, TASK_LIMIT, TASK_NOTE, "hs_task_status", "hubspot_owner_id")


def webhooks_file(wanted: Wanted, public_url: str) -> Json:
    """Return the webhooks component: where to call, and for what. `wanted` names the words that ring."""
    return {
        "uid": "dealgate-webhooks",
        "type": "webhooks",
        "config": {
            "settings": {"targetUrl": f"{public_url}{ROUTE}", "maxConcurrentRequests": _AT_ONCE},
            "subscriptions": {
                "legacyCrmObjects": list(_classic(wanted)),
                # tasks have no classic types: they come in the generic form alone
                "crmObjects": [_generic("task", name) for name in _TASK_PROPERTIES],
            },
        },
    }


def _classic(wanted: Wanted) -> Iterator[Json]:
    for action in (Action.CREATION, Action.DELETION, Action.MERGE, Action.RESTORE, Action.ASSOCIATION_CHANGE):
        yield _subscription(f"deal.{action}")
    yield from _changes("deal", _deal_properties(wanted.fields))
    if wanted.line_items:
        yield _subscription(f"line_item.{Action.DELETION}")
        yield from _changes("line_item", LINE_PROPERTIES)
    yield from _changes("company", _properties(wanted.fields, Home.COMPANY))


def _deal_properties(fields: Iterable[Field]) -> tuple[str, ...]:
    told = (OUR_PROPERTIES[field].name for field in _TOLD)
    return tuple(dict.fromkeys((*_STANDING, *_properties(fields, Home.DEAL), *told)))


def _properties(fields: Iterable[Field], home: Home) -> Iterator[str]:
    """Yield the properties behind the policy's words."""
    return (name for field in fields if field.home is home and (name := property_of(field)))


def _changes(kind: str, names: Iterable[str]) -> Iterator[Json]:
    for name in names:
        yield _subscription(f"{kind}.{Action.PROPERTY_CHANGE}", name)


def _subscription(kind: str, prop: str = "") -> Json:
    named = {"propertyName": prop} if prop else {}
    return {"subscriptionType": kind, **named, "active": True}


def _generic(kind: str, prop: str) -> Json:
    change = f"{GENERIC}.{Action.PROPERTY_CHANGE}"
    return {"subscriptionType": change, "objectType": kind, "propertyName": prop, "active": True}
