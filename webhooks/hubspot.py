"""POST /webhooks/hubspot: verify raw bytes, parse, ring, answer. A webhook decides nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from time import perf_counter
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, Response, request
from prometheus_client import Counter as Counts
from prometheus_client import Gauge, Histogram

from connector.adapters.hubspot.events import Event, NotEvents, Triage, hear, parse
from connector.observe import Metrics
from connector.settings.records import HubSpotAccount, Settings
from connector.store import Store
from connector.store.bells import Bells, Ring
from webhooks.bodies import raw_body
from webhooks.heard import Change, Heard
from webhooks.replies import refuse, reply
from webhooks.signatures import Keys, Signed, keys, signer

SOURCE = "hubspot"
_UNKNOWN_PORTAL = "unknown-portal"
_UNKNOWN_MEMBER = "unknown-member"
_LONGEST_NAME = 255
UNSIGNED = (
    "The signature does not fit. Look at the secret (HUBSPOT_CLIENT_SECRET), the address"
    " (DEALGATE_PUBLIC_URL) and both clocks, which may differ by five minutes."
)

Portals = Mapping[str, HubSpotAccount]
Outcomes = Counter[tuple[str, str]]  # account name and outcome


@dataclass(frozen=True, slots=True)
class _Edge:
    """`portals` holds, for each secret, the accounts that a request signed with it may speak for; `events`
    counts by account and outcome, `last` is when one spoke, `seconds` the time from request to answer."""

    portals: Mapping[str, Portals]
    keys: Keys
    settings: Settings
    bells: Bells
    heard: Heard
    events: Mapping[tuple[str, str], Counts]
    last: Callable[[str], Gauge]
    seconds: Histogram
    clock: Callable[[], datetime]

    def receive(self) -> Response:
        """Ring the bell of each object named; 200 means that they are stored."""
        started = perf_counter()
        answer = self._answer(request.environ, self.clock())
        self.seconds.observe(perf_counter() - started)
        return answer

    def _answer(self, environ: WSGIEnvironment, now: datetime) -> Response:
        body = raw_body(environ, self.settings.body_limit)
        secret = signer(signed(self.settings.public_url, environ, body), self.keys, now)
        if secret is None:
            return refuse(HTTPStatus.UNAUTHORIZED, "signature-invalid", UNSIGNED)
        try:
            events, unknown_members = parse(body)
        except NotEvents as error:
            return refuse(HTTPStatus.BAD_REQUEST, error.reason, error.message)
        rings, outcomes, changes = listen(events, self.portals[secret])
        self.bells.ring(rings, now)
        self.heard.changed(changes, now)
        if unknown_members:
            outcomes["", _UNKNOWN_MEMBER] = unknown_members
        self._count(outcomes, now)
        return reply(HTTPStatus.OK, events=len(events))

    def _count(self, outcomes: Outcomes, now: datetime) -> None:
        for (account, outcome), count in outcomes.items():
            self.events[account, outcome].inc(count)
            if account:
                self.last(account).set(now.timestamp())
                self.heard.note(account, now)


def blueprint(settings: Settings, store: Store, metrics: Metrics, clock: Callable[[], datetime]) -> Blueprint:
    """Return the route of HubSpot's webhooks."""
    portals = portals_of(settings.hubspot)
    edge = _Edge(
        portals=portals,
        keys=keys(portals),
        settings=settings,
        bells=store.bells,
        heard=Heard(store.accounts, store.changes),
        events=_counters(settings.hubspot, metrics),
        last=cache(metrics.webhook_last.labels),
        seconds=metrics.webhook_seconds.labels(SOURCE),
        clock=clock,
    )
    routes = Blueprint(SOURCE, __name__)
    routes.add_url_rule(
        "/webhooks/hubspot", view_func=edge.receive, endpoint="receive", methods=["POST"],
        provide_automatic_options=False,
    )  # fmt: skip
    return routes


def listen(events: Sequence[Event], portals: Portals) -> tuple[set[Ring], Outcomes, set[Change]]:
    """Return the bells to ring, of these portals only, what became of the events, and which properties they
    say have changed."""
    rings: set[Ring] = set()
    changes: set[Change] = set()
    outcomes: Outcomes = Counter()
    for event in events:
        account = portals.get(event.portal or "")
        if account is None:
            outcomes["", _UNKNOWN_PORTAL] += 1
            continue
        heard = hear(event, account.app_id)
        outcomes[account.name, heard.triage] += 1
        rings.update((account.name, rung.type, rung.id) for rung in heard.rungs)
        if event.property and len(event.property) <= _LONGEST_NAME:
            changes.update((account.name, rung.type, event.property) for rung in heard.rungs)
    return rings, outcomes, changes


def _counters(accounts: Iterable[HubSpotAccount], metrics: Metrics) -> dict[tuple[str, str], Counts]:
    """Return the counter of every outcome that there can be: each is seen at 0 before it first happens, and
    looking it up by its labels for every request would cost a tenth of what the edge adds."""
    outcomes = [(account.name, triage.value) for account in accounts for triage in Triage]
    outcomes += [("", _UNKNOWN_PORTAL), ("", _UNKNOWN_MEMBER)]
    return {one: metrics.webhook_events.labels(SOURCE, *one) for one in outcomes}


def portals_of(accounts: Iterable[HubSpotAccount]) -> dict[str, dict[str, HubSpotAccount]]:
    """Return, for each secret, the accounts by portal id that a request signed with it may speak for."""
    found: dict[str, dict[str, HubSpotAccount]] = {}
    for account in accounts:
        for secret in account.client_secrets:
            found.setdefault(secret, {})[account.portal_id] = account
    return found


def signed(public_url: str, environ: WSGIEnvironment, body: bytes) -> Signed:
    """Method and target as they came over the wire: Flask writes methods large and decodes more of the
    URL than HubSpot signs. waitress and uWSGI say REQUEST_URI, gunicorn RAW_URI."""
    target = environ.get("REQUEST_URI") or environ.get("RAW_URI") or ""
    return Signed(
        method=environ["REQUEST_METHOD"],
        uri=f"{public_url}{target}",
        body=body,
        timestamp=environ.get("HTTP_X_HUBSPOT_REQUEST_TIMESTAMP"),
        signature=environ.get("HTTP_X_HUBSPOT_SIGNATURE_V3"),
    )
