"""A running HubSpot in small, the vendor's own client on it, and a receiver for its webhooks."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import hubspot
import orjson
import pytest
import urllib3

from sandbox.clock import Clock
from sandbox.hubspot.account import Setup
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox

MIA = "9101"
ANNA = "9120"


@pytest.fixture
def crm() -> Iterator[HubSpotSandbox]:
    with HubSpotSandbox(setup=Setup(index_lag_s=0.0), limits=Limits(on=False), clock=Clock(1000)) as sandbox:
        yield sandbox


@pytest.fixture
def api(crm: HubSpotSandbox) -> hubspot.HubSpot:
    return hubspot.HubSpot(access_token=crm.token, host=crm.url)


@dataclass
class Answer:
    status: int
    body: dict
    headers: dict


class Raw:
    """Calls without the SDK, to see whole bodies and headers."""

    def __init__(self, crm: HubSpotSandbox) -> None:
        self.crm = crm
        self.pool = urllib3.PoolManager(retries=False)

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        sent = {"Authorization": f"Bearer {self.crm.token}", "Content-Type": "application/json", **headers}
        data = None if body is None else orjson.dumps(body)
        answer = self.pool.request(method, self.crm.url + path, body=data, headers=sent, timeout=5)
        parsed = orjson.loads(answer.data) if answer.data else {}
        return Answer(answer.status, parsed, dict(answer.headers))


@pytest.fixture
def raw(crm: HubSpotSandbox) -> Iterator[Raw]:
    caller = Raw(crm)
    yield caller
    caller.pool.clear()


@pytest.fixture
def deal(crm: HubSpotSandbox) -> str:
    values = {"dealname": "Acme", "dealstage": "discovery", "amount": "48000", "hubspot_owner_id": "101"}
    product = next(iter(crm.seeded.products.values()))
    return crm.act_as(MIA).create_deal(values, [{"hs_product_id": product, "quantity": "2"}])


@dataclass
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[dict]:
        return orjson.loads(self.body)


@dataclass
class Receiver:
    """Takes webhooks; `answers` are the statuses of the next requests, 200 after them."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    inside: int = 0
    most_inside: int = 0

    @property
    def events(self) -> list[dict]:
        return [event for request in self.requests for event in request.events]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    box = Receiver()
    box.gate.set()
    counting = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with counting:
                box.inside += 1
                box.most_inside = max(box.most_inside, box.inside)
            box.gate.wait(5)
            with counting:
                box.inside -= 1
            box.requests.append(Received({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(box.answers.pop(0) if box.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    box.url = f"http://127.0.0.1:{server.server_port}/webhooks/hubspot"
    yield box
    server.shutdown()
    thread.join()
    server.server_close()
