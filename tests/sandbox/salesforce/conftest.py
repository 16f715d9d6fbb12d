"""A running Salesforce in small with a small package in it, and the real simple-salesforce on it."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from xml.etree import ElementTree

import pytest
import requests
from simple_salesforce import Salesforce

from sandbox.clock import Clock
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed import INTEGRATION

PACKAGE = Path(__file__).parent / "package"
MIA, ANNA = "9101", "9120"
VERSION = "67.0"


class Loopback(requests.Session):
    """Leads https://anything.salesforce.com to the sandbox, and never waits for ever."""

    def __init__(self, url: str, timeout: float = 5.0) -> None:
        super().__init__()
        self._host = urlsplit(url)
        self._timeout = timeout

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        asked = urlsplit(url)
        kwargs.setdefault("timeout", self._timeout)
        there = urlunsplit((self._host.scheme, self._host.netloc, asked.path, asked.query, ""))
        return super().request(method, there, **kwargs)


def connect(crm: SalesforceSandbox, **more: Any) -> Salesforce:
    """Return the client as our integration user signs in: client credentials."""
    app = crm.connected_app
    given = {
        "consumer_key": app.client_id,
        "consumer_secret": app.client_secret,
        "domain": crm.org.setup.domain,
        "session": Loopback(crm.url),
        "version": VERSION,
        "parse_float": Decimal,
    }
    return Salesforce(**(given | more))


@pytest.fixture
def crm() -> Iterator[SalesforceSandbox]:
    with SalesforceSandbox(clock=Clock(1000)) as sandbox:
        sandbox.deploy(PACKAGE)
        yield sandbox


@pytest.fixture
def sf(crm: SalesforceSandbox) -> Iterator[Salesforce]:
    client = connect(crm)
    yield client
    client.session.close()


@pytest.fixture
def deal(crm: SalesforceSandbox) -> str:
    values = {"Name": "Acme", "StageName": "discovery", "CloseDate": "2027-03-01"}
    return crm.act_as(MIA).create_opportunity(values, [{"sku": "DP-CORE", "Quantity": 2}])


@pytest.fixture
def integration(crm: SalesforceSandbox) -> str:
    return crm.user(INTEGRATION)


Rows = Sequence[Mapping[str, object]]
Write = Callable[..., list[dict]]


@pytest.fixture
def write(sf: Salesforce) -> Write:
    """Send a collection: `write("PATCH", "Opportunity", [{"id": ..., ...}])`."""

    def send(method: str, kind: str, rows: Rows, *, whole: bool = False) -> list[dict]:
        records = [{"attributes": {"type": kind}, **row} for row in rows]
        body = {"allOrNone": whole, "records": records}
        return [dict(one) for one in sf.restful("composite/sobjects", method=method, json=body)]

    return send


def code_of(result: Mapping[str, Any]) -> str:
    """Return why a record of a collection was refused."""
    assert result["success"] is False
    return result["errors"][0]["statusCode"]


_OUTBOUND = "{http://soap.sforce.com/2005/09/outbound}"
_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True)
class Told:
    """One notification as it was received; `nil` are the fields that came empty."""

    id: str
    type: str
    fields: dict[str, str]
    nil: frozenset[str]


@dataclass(frozen=True)
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> ElementTree.Element:
        found = ElementTree.fromstring(self.body).find(f"{_SOAP}Body/{_OUTBOUND}notifications")
        assert found is not None
        return found

    @property
    def notifications(self) -> list[Told]:
        return [_told(one) for one in self.message.findall(f"{_OUTBOUND}Notification")]


def _told(one: ElementTree.Element) -> Told:
    record = one.find(f"{_OUTBOUND}sObject")
    assert record is not None
    fields = {child.tag.partition("}")[2]: child for child in record}
    nil = frozenset(name for name, child in fields.items() if child.get(f"{_XSI}nil") == "true")
    texts = {name: child.text or "" for name, child in fields.items() if name not in nil}
    return Told(one.findtext(f"{_OUTBOUND}Id") or "", record.get(f"{_XSI}type") or "", texts, nil)


@dataclass
class Receiver:
    """Takes outbound messages; `answers` are those to the next requests, an Ack after them."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    @property
    def told(self) -> list[Told]:
        return [one for request in self.requests for one in request.notifications]


def ack(word: str = "true") -> str:
    return (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
        f'<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>{word}</Ack>'
        "</notificationsResponse></soapenv:Body></soapenv:Envelope>"
    )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    box = Receiver()
    box.gate.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            box.requests.append(Received({k.lower(): v for k, v in self.headers.items()}, body))
            box.gate.wait(5)
            status, text = box.answers.pop(0) if box.answers else (200, ack())
            answer = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    box.url = f"http://127.0.0.1:{server.server_port}/webhooks/salesforce/token"
    yield box
    server.shutdown()
    thread.join()
    server.server_close()
