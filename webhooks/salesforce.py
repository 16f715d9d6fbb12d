"""POST /webhooks/salesforce/<token>: compare the token, parse, ring, acknowledge. A message decides nothing.

Salesforce signs nothing: the token in the address tells who may ring, the organisation whose bells.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from time import perf_counter
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request

from connector.adapters.salesforce.ids import full
from connector.adapters.salesforce.notifications import OUTBOUND, SOAP, Message, NotNotifications, parse
from connector.observe import Metrics
from connector.settings.records import SalesforceAccount, Settings
from connector.store import Store
from connector.store.bells import Bells
from webhooks.bodies import raw_body
from webhooks.heard import Heard
from webhooks.replies import refuse

SOURCE = "salesforce"
_RUNG = "rung"
_UNKNOWN_OBJECT = "unknown"
_UNKNOWN_ORGANIZATION = "unknown-organisation"
_NOT_KNOWN = "The address is not known here. Look at the endpoint of the outbound message."

Orgs = Mapping[str, SalesforceAccount]


@dataclass(frozen=True, slots=True)
class _Edge:
    """`orgs` holds, for each token, the accounts that a message under it may speak for, by organisation."""

    orgs: Mapping[str, Orgs]
    settings: Settings
    bells: Bells
    heard: Heard
    metrics: Metrics
    clock: Callable[[], datetime]

    def receive(self, token: str) -> Response:
        """Ring the bell of each record named; Ack means that they are stored."""
        started = perf_counter()
        answer = self._answer(token, self.clock())
        self.metrics.webhook_seconds.labels(SOURCE).observe(perf_counter() - started)
        return answer

    def _answer(self, token: str, now: datetime) -> Response:
        body = raw_body(request.environ, self.settings.body_limit)
        known = held(token, self.orgs)
        if known is None:
            return refuse(HTTPStatus.UNAUTHORIZED, "token-invalid", _NOT_KNOWN)
        try:
            message = parse(body)
        except NotNotifications as error:
            return fault(HTTPStatus.BAD_REQUEST, error.message)
        account = self.orgs[known].get(message.organization)
        if account is None:
            self._count("", _UNKNOWN_ORGANIZATION, 1)
            return fault(HTTPStatus.UNAUTHORIZED, "The organisation is not the one of this address.")
        self.bells.ring({(account.name, rung.type, rung.id) for rung in message.rungs}, now)
        self._note(account.name, message, now)
        return acknowledged()

    def _note(self, account: str, message: Message, now: datetime) -> None:
        self._count(account, _RUNG, len(message.rungs))
        self._count(account, _UNKNOWN_OBJECT, message.unknown)
        self.metrics.webhook_last.labels(account).set(now.timestamp())
        self.heard.note(account, now)

    def _count(self, account: str, outcome: str, count: int) -> None:
        if count:
            self.metrics.webhook_events.labels(SOURCE, account, outcome).inc(count)


def blueprint(settings: Settings, store: Store, metrics: Metrics, clock: Callable[[], datetime]) -> Blueprint:
    """Return the route of Salesforce's outbound messages."""
    orgs, heard = _orgs(settings.salesforce), Heard(store.accounts, store.changes)
    edge = _Edge(orgs, settings, store.bells, heard, metrics, clock)
    routes = Blueprint(SOURCE, __name__)
    routes.add_url_rule(
        "/webhooks/salesforce/<token>", view_func=edge.receive, endpoint="receive", methods=["POST"],
        provide_automatic_options=False,
    )  # fmt: skip
    return routes


def held(given: str, tokens: Iterable[str]) -> str | None:
    """Return the token that was given, or None. Every token is compared in constant time."""
    found = None
    for token in tokens:
        if hmac.compare_digest(token.encode(), given.encode()):
            found = token
    return found


def acknowledged() -> Response:
    """Answer that everything of the message is stored; one Ack covers all its notifications."""
    ack = f'<notificationsResponse xmlns="{OUTBOUND}"><Ack>true</Ack></notificationsResponse>'
    return _envelope(HTTPStatus.OK, ack)


def fault(status: HTTPStatus, message: str) -> Response:
    """Answer no, in the words of SOAP; Salesforce shows them in its list of failed messages."""
    told = f"<faultcode>soapenv:Client</faultcode><faultstring>{escape(message)}</faultstring>"
    return _envelope(status, f"<soapenv:Fault>{told}</soapenv:Fault>")


def _envelope(status: HTTPStatus, content: str) -> Response:
    body = (
        f'<soapenv:Envelope xmlns:soapenv="{SOAP}"><soapenv:Body>{content}</soapenv:Body></soapenv:Envelope>'
    )
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>{body}', status, content_type="text/xml; charset=utf-8"
    )


def _orgs(accounts: Iterable[SalesforceAccount]) -> dict[str, dict[str, SalesforceAccount]]:
    found: dict[str, dict[str, SalesforceAccount]] = {}
    for account in accounts:
        for token in account.webhook_tokens:
            found.setdefault(token, {})[full(account.org_id) or account.org_id] = account
    return found
