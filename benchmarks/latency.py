"""How long it takes from a webhook to the badge, when nothing else is going on.

`dealgate serve` runs as a process of its own on SQLite, the sandbox in this one. A rep fills in or empties a
field, HubSpot's webhook for it is sent, and the clock runs from the moment of sending until the badge is
written in the sandbox, less the time in which the sandbox was answering a call: two that run side by side
count once. One event at a time, each after a short rest.
The sandbox grants calls without limit: an idle account has calls to spare, and 200 events in a row would use
up what HubSpot allows in ten seconds.
"""

import queue
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from unittest.mock import patch

import orjson

from benchmarks.http_load import Line
from benchmarks.support import Json, Options, options, percentile, print_json, process, report
from connector.app import App
from connector.demo.sides import SECRET
from connector.demo.stage import free_port
from connector.observe import configure_logging
from connector.settings import Settings, read_settings
from sandbox.brightline import EMPTY
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.webhooks import sign
from sandbox.server import Reply, Request

POLICY = Path(__file__).parents[1] / "sandbox" / "policies" / "company.yaml"
_REP = "9101"
_PATH = "/webhooks/hubspot"
_WRITE = "/deals/batch/update"
_REST = 0.03  # seconds between two events: the worker is asleep again
_PATIENCE = 10.0
_WARM_UP = 5  # events


@dataclass(frozen=True, slots=True)
class CrmCall:
    """One call as the sandbox saw it: when it came, and when it was answered, in seconds."""

    path: str
    came: float
    answered: float


@dataclass(frozen=True, slots=True)
class Round:
    """One event: when it was sent, when we had answered, and the CRM calls up to the write of the badge."""

    sent: float
    answered: float
    calls: tuple[CrmCall, ...]

    @property
    def parts(self) -> dict[str, float]:
        """Return our own milliseconds, part by part; the first two run side by side."""
        *reads, write = self.calls
        first = min(call.came for call in self.calls)
        read = max((call.answered for call in reads), default=first)
        marks = {
            "webhook answered": (self.sent, self.answered),
            "until the first CRM call": (self.sent, first),
            "between the reads": (first, read),
            "from the last read to the write": (read, write.came),
            "webhook to badge": (self.sent, write.came),
        }
        return {name: own(start, end, self.calls) * 1000 for name, (start, end) in marks.items()}


def own(start: float, end: float, calls: Iterable[CrmCall]) -> float:
    """Return the seconds between two moments in which the sandbox was answering none of the calls: those that
    run side by side count once."""
    spent, free = 0.0, start
    for call in sorted(calls, key=attrgetter("came")):
        spent += max(min(call.came, end) - free, 0.0)
        free = max(free, call.answered)
    return spent + max(end - free, 0.0)


class Watch:
    """Stands before the sandbox's application and tells of each call."""

    def __init__(self, crm: HubSpotSandbox) -> None:
        self._handle = crm.app.handle
        self.calls: queue.Queue[CrmCall] = queue.Queue()

    def handle(self, request: Request) -> Reply:
        """Answer as the sandbox does."""
        came = time.perf_counter()
        reply = self._handle(request)
        self.calls.put(CrmCall(request.path, came, time.perf_counter()))
        return reply

    def until_written(self) -> tuple[CrmCall, ...]:
        """Return the calls up to the next write of a badge."""
        calls = [self.calls.get(timeout=_PATIENCE)]
        while not calls[-1].path.endswith(_WRITE):
            calls.append(self.calls.get(timeout=_PATIENCE))
        return tuple(calls)

    def rest(self) -> None:
        """Wait until no call has come for a while: what was still on its way belongs to no later event."""
        with suppress(queue.Empty):
            while True:
                self.calls.get(timeout=_REST)


def main(asked: Options) -> None:
    """Measure, print the parts, and the JSON where asked."""
    configure_logging(level="error", as_json=False)
    with tempfile.TemporaryDirectory(prefix="dealgate-bench-") as folder:
        rounds = measure(1_000 if asked.full else 200, Path(folder))
    parts = [one.parts for one in rounds]
    rows = [
        (name, *(percentile([one[name] for one in parts], percent) for percent in (50, 90, 99, 100)))
        for name in parts[0]
    ]
    columns = ("ms, without the sandbox's own time", "p50", "p90", "p99", "most")
    report(f"{len(rounds)} single events, {len(rounds[0].calls)} CRM calls each", columns, rows)
    if asked.json:
        print_json(result(rounds))


def result(rounds: Sequence[Round]) -> Json:
    """Return what machines read."""
    whole = [one.parts["webhook to badge"] for one in rounds]
    return {"p50_ms": round(percentile(whole, 50), 2), "p99_ms": round(percentile(whole, 99), 2)}


def measure(events: int, folder: Path) -> list[Round]:
    """Send so many events, one after the other is answered in full; the first few only warm up."""
    with HubSpotSandbox(EMPTY) as crm:
        crm.set_limits(Limits(burst=10_000_000))
        environ = _environ(crm, folder)
        _provision(read_settings(environ, folder))
        deal, watch = _open_deal(crm), Watch(crm)
        with patch.object(crm.app, "handle", watch.handle), _serving(environ) as port:
            watch.until_written()  # by the sweep at the start
            return list(_rounds(crm, watch, deal, port, events))


def _rounds(crm: HubSpotSandbox, watch: Watch, deal: str, port: int, events: int) -> Iterator[Round]:
    with closing(Line(port)) as line:
        turn = done = 0
        while done < _WARM_UP + events:
            watch.rest()
            address = "Keizersgracht 1" if turn % 2 else ""
            crm.act_as(_REP).update(deal, {"delivery_address": address})
            request = _request(crm, deal, port, address)
            sent = time.perf_counter()
            line.send(request)
            answered = time.perf_counter()
            turn += 1
            try:
                calls = watch.until_written()
            except queue.Empty:
                if turn > 2 * (_WARM_UP + events):
                    raise
                continue  # on a busy machine the look before was late and wrote the badge of this one
            done += 1
            if done > _WARM_UP:
                yield Round(sent, answered, calls)


def _open_deal(crm: HubSpotSandbox) -> str:
    values = {
        "dealname": "Aurora",
        "pipeline": "default",
        "dealstage": "proposal",
        "hubspot_owner_id": _REP[1:],
        "delivery_address": "Keizersgracht 1",
        "number_of_users": "10",
    }
    products = crm.seeded.products
    lines = [{"hs_product_id": products[sku], "quantity": "1"} for sku in ("DP-CORE", "DP-SEAT")]
    return crm.act_as(_REP).create_deal(values, lines)


def _provision(settings: Settings) -> None:
    with App.build(settings) as app:
        app.start()
        desk = app.desk()
        desk.crm.install(desk.picture().wanted)


@contextmanager
def _serving(environ: dict[str, str]) -> Iterator[int]:
    with process("benchmarks.latency_server", environ=environ):
        until = time.monotonic() + 30
        while not _ready(environ["DEALGATE_PUBLIC_URL"]):
            if time.monotonic() > until:
                raise RuntimeError("`dealgate serve` did not start.")
            time.sleep(0.1)
        yield int(environ["DEALGATE_PUBLIC_URL"].rpartition(":")[2])


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (TimeoutError, urllib.error.URLError, ConnectionError):
        return False


def _request(crm: HubSpotSandbox, deal: str, port: int, address: str) -> bytes:
    """Return a whole signed request, as HubSpot sends it."""
    event = {
        "eventId": time.time_ns() % 2**31,
        "subscriptionId": 4578255,
        "portalId": crm.account.setup.portal_id,
        "appId": int(crm.account.setup.app_id),
        "occurredAt": int(time.time() * 1000),
        "subscriptionType": "deal.propertyChange",
        "attemptNumber": 0,
        "objectId": int(deal),
        "propertyName": "delivery_address",
        "propertyValue": address,
        "changeSource": "CRM_UI",
        "sourceId": f"userId:{_REP}",
    }
    body, stamp = orjson.dumps([event]), str(int(time.time() * 1000))
    signature = sign(SECRET, "POST", f"http://127.0.0.1:{port}{_PATH}", body, stamp)
    head = (
        f"POST {_PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-HubSpot-Request-Timestamp: {stamp}\r\nX-HubSpot-Signature-v3: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _environ(crm: HubSpotSandbox, folder: Path) -> dict[str, str]:
    address = f"127.0.0.1:{free_port()}"
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'dealgate.db'}",
        "DEALGATE_POLICY": str(POLICY),
        "DEALGATE_BIND": address,
        "DEALGATE_PUBLIC_URL": f"http://{address}",
        "DEALGATE_LOG_LEVEL": "error",
        "HUBSPOT_ACCESS_TOKEN": crm.token,
        "HUBSPOT_CLIENT_SECRET": SECRET,
        "HUBSPOT_PORTAL_ID": str(crm.account.setup.portal_id),
        "HUBSPOT_APP_ID": crm.account.setup.app_id,
        "HUBSPOT_API_URL": crm.url,
    }


if __name__ == "__main__":
    main(options("Milliseconds from a webhook to the badge, when nothing else is going on."))
