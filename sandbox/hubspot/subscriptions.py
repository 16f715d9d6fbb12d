"""Webhook subscriptions, and the payload each kind sends (reference 2.3, 2.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.hubspot.events import Action, Event
from sandbox.hubspot.kinds import COMPANY, CONTACT, DEAL, LINE_ITEM, PRODUCT, TASK, Kind


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription. `generic` sends `object.*` with objectTypeId instead of `deal.*`."""

    kind: Kind
    action: Action
    watched: str = ""
    generic: bool = False

    @property
    def type(self) -> str:
        return f"{'object' if self.generic else self.kind.name}.{self.action.value}"


DEAL_INPUTS = (
    "dealstage",
    "pipeline",
    "amount",
    "closedate",
    "hubspot_owner_id",
    "dealname",
    "deal_currency_code",
    "delivery_address",
    "number_of_users",
    "start_date",
    "region",
    "service_level",
    "ops_request",
    "ops_request_note",
    "ops_decision",
    "ops_decision_note",
)
LINE_INPUTS = ("quantity", "price", "discount", "hs_discount_percentage", "hs_product_id")
TASK_INPUTS = (
    "dealgate_decision",
    "dealgate_decision_limit",
    "dealgate_decision_note",
    "hs_task_status",
    "hubspot_owner_id",
)
COMPANY_INPUTS = ("name", "country", "industry")


def of_the_product(deal_inputs: Iterable[str] = DEAL_INPUTS) -> tuple[Subscription, ...]:
    """Return what Dealgate's HubSpot project subscribes to; never a property that Dealgate itself writes."""
    life = (Action.CREATION, Action.DELETION, Action.MERGE, Action.RESTORE, Action.ASSOCIATION)
    return (
        *(Subscription(DEAL, action) for action in life),
        *(Subscription(DEAL, Action.PROPERTY, name) for name in deal_inputs),
        Subscription(LINE_ITEM, Action.CREATION),
        Subscription(LINE_ITEM, Action.DELETION),
        *(Subscription(LINE_ITEM, Action.PROPERTY, name) for name in LINE_INPUTS),
        *(Subscription(TASK, Action.PROPERTY, name, generic=True) for name in TASK_INPUTS),
        *(Subscription(COMPANY, Action.PROPERTY, name) for name in COMPANY_INPUTS),
    )


_CLASSIC = frozenset({DEAL.name, COMPANY.name, CONTACT.name, LINE_ITEM.name, PRODUCT.name})


class Subscriptions:
    """Finds the subscriptions an event concerns and writes their payloads."""

    def __init__(self, subscriptions: Iterable[Subscription], portal_id: int, app_id: str) -> None:
        self._portal_id = portal_id
        self._app_id = int(app_id)
        self._by_what: dict[tuple[str, Action, str], list[tuple[int, Subscription]]] = {}
        for number, one in enumerate(subscriptions, start=4_500_001):
            if not one.generic and one.kind.name not in _CLASSIC:
                raise ValueError(f"{one.type} exists only as object.{one.action.value}")
            self._by_what.setdefault((one.kind.name, one.action, one.watched), []).append((number, one))

    def payloads(self, event: Event, event_id: int) -> list[dict[str, object]]:
        """Return one message for each subscription to this event."""
        found = self._by_what.get((event.kind.name, event.action, event.name), ())
        return [self._payload(number, one, event, event_id) for number, one in found]

    def _payload(self, number: int, one: Subscription, event: Event, event_id: int) -> dict[str, object]:
        message: dict[str, object] = {
            "eventId": event_id,
            "subscriptionId": number,
            "portalId": self._portal_id,
            "appId": self._app_id,
            "occurredAt": event.at,
            "subscriptionType": one.type,
            "attemptNumber": 0,
            "changeSource": event.source.type,
            "sourceId": event.source.id,
            **_details(one, event.details),
        }
        if event.action is not Action.ASSOCIATION:
            message["objectId"] = int(event.id)
        if one.generic:
            message["objectTypeId"] = one.kind.type_id
        return message


def _details(one: Subscription, details: Mapping[str, object]) -> dict[str, object]:
    if one.generic and one.action is Action.PROPERTY:
        return {**details, "isSensitive": False}
    return dict(details)
