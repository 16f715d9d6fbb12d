"""The paths of the card's API."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint

from connector.observe import Metrics
from connector.recall import Recall
from connector.settings.records import Settings
from connector.store import Store
from webhooks.cards.actions import Actions
from webhooks.cards.calls import Desk
from webhooks.hubspot import portals_of
from webhooks.signatures import keys

SOURCE = "cards"
PREFIX = "/cards/v1"


def blueprint(settings: Settings, store: Store, metrics: Metrics, clock: Callable[[], datetime]) -> Blueprint:
    """Return the routes of the card in HubSpot."""
    portals = portals_of(settings.hubspot)
    recalls = {account.name: Recall(account.name, store) for account in settings.hubspot}
    seconds = metrics.webhook_seconds.labels(SOURCE)
    act = Actions(Desk(portals, keys(portals), settings, store, recalls, seconds, clock))
    routes, of_deal = Blueprint(SOURCE, __name__, url_prefix=PREFIX), "/deals/<digits:deal>"
    for path, view, method in (
        ("/health", act.health, "GET"),
        (of_deal, act.read, "GET"),
        (f"{of_deal}/what-if", act.what_if, "POST"),
        (f"{of_deal}/ask", act.ask, "POST"),
        (f"{of_deal}/reply", act.reply, "POST"),
        (f"{of_deal}/withdraw", act.withdraw, "POST"),
        (f"{of_deal}/decide", act.decide, "POST"),
    ):
        routes.add_url_rule(
            path, view_func=view, endpoint=view.__name__, methods=[method], provide_automatic_options=False
        )
    return routes
