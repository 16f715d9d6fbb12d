"""The HTTP edge: what the CRMs tell us, and what an operator asks. One file for each source."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from connector.observe import Metrics
from connector.settings.records import Settings
from connector.store import Store
from webhooks import answers, cards, health, hubspot, salesforce
from webhooks.digits import Digits
from webhooks.replies import answer_all

__all__ = ["create_app"]


def create_app(settings: Settings, store: Store, metrics: Metrics, clock: Callable[[], datetime]) -> Flask:
    """Return the WSGI application. It keeps no session, sets no cookie and serves no file."""
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # a redirect would be another URL than the one that was signed
    app.url_map.converters["digits"] = Digits
    answer_all(app, metrics)
    app.register_blueprint(health.blueprint(settings, store, metrics, clock))
    app.register_blueprint(hubspot.blueprint(settings, store, metrics, clock))
    app.register_blueprint(answers.blueprint(settings, store, clock))
    app.register_blueprint(cards.blueprint(settings, store, metrics, clock))
    app.register_blueprint(salesforce.blueprint(settings, store, metrics, clock))
    return app
