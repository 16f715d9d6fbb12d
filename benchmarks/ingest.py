"""How much of the possible intake the webhook edge keeps, and how soon it answers.

Product and floor (see `ingest_server`) take turns in the same run on the same machine, so that noise meets
both. SQLite is served by waitress, PostgreSQL by gunicorn with two workers; the client is a process apart.
"""

import base64
import hashlib
import hmac
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import mean

import orjson

from benchmarks.http_load import Sample, flood, pace
from benchmarks.support import (
    Json,
    Options,
    await_port,
    free_port,
    new_databases,
    options,
    percentile,
    print_json,
    process,
    report,
)

SECRET, PORTAL, PATH = "benchmark-secret", 4242001, "/webhooks/hubspot"
DEALS = 5_000
SIZES = (1, 100)
ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine and one size of body. Rates in events a second, times in milliseconds."""

    engine: str
    size: int
    product: float
    floor: float
    ratio: float
    p50: float
    p99: float
    p99_at_half: float


def main(asked: Options) -> None:
    """Measure both engines and both sizes; print a table, and the JSON where asked."""
    with new_databases() as new_database:
        measured = [one for engine in ENGINES for one in _engine(engine, new_database, asked)]
    columns = (
        "engine",
        "events a body",
        "events/s",
        "floor/s",
        "ratio",
        "p50 ms",
        "p99 ms",
        "p99 ms at half rate",
    )
    rows = [(m.engine, m.size, m.product, m.floor, m.ratio, m.p50, m.p99, m.p99_at_half) for m in measured]
    report("Webhook intake", columns, rows)
    if asked.json:
        print_json(
            {engine: _summary([one for one in measured if one.engine == engine]) for engine in ENGINES}
        )


def _summary(measured: list[Measured]) -> Json:
    ratios = {f"ratio_{one.size}": round(one.ratio, 3) for one in measured}
    return {**ratios, "p99_ms": round(max(one.p99_at_half for one in measured), 2)}


def _engine(engine: str, new_database: Callable[[str], str], asked: Options) -> Iterator[Measured]:
    with (
        _serving("product", new_database(engine)) as product,
        _serving("floor", new_database(engine)) as floor,
    ):
        for size in SIZES:
            yield _measure(engine, size, product, floor, 4 if asked.full else 1)


def _measure(engine: str, size: int, product: int, floor: int, longer: int) -> Measured:
    requests = [_request(size, random.Random(seed)) for seed in range(200)]
    for port in (product, floor):
        flood(port, requests, 0.3)
    ours, theirs = _in_turns(product, floor, requests, 12 * longer)
    rate, floor_rate = mean([sample.rate for sample in ours]), mean([sample.rate for sample in theirs])
    half = pace(product, requests, rate / 2, 1.5 * longer)
    seconds = [second for sample in ours for second in sample.seconds]
    return Measured(
        engine=engine,
        size=size,
        product=rate * size,
        floor=floor_rate * size,
        ratio=rate / floor_rate,
        p50=percentile(seconds, 50) * 1000,
        p99=percentile(seconds, 99) * 1000,
        p99_at_half=percentile(half.seconds, 99) * 1000,
    )


def _in_turns(
    product: int, floor: int, requests: list[bytes], turns: int
) -> tuple[list[Sample], list[Sample]]:
    """Flood both, short and often and each first as often as the other, so that noise meets both alike."""
    samples: dict[int, list[Sample]] = {product: [], floor: []}
    for turn in range(turns):
        for port in (product, floor) if turn % 2 else (floor, product):
            samples[port].append(flood(port, requests, 0.2))
    return samples[product], samples[floor]


def _request(size: int, chance: random.Random) -> bytes:
    """Return a whole signed request as HubSpot sends it, valid for five minutes."""
    body = orjson.dumps([_event(chance.randrange(1, DEALS)) for _ in range(size)])
    stamp = str(int(time.time() * 1000))
    signed = f"POST{_public_url()}{PATH}".encode() + body + stamp.encode()
    signature = base64.b64encode(hmac.digest(SECRET.encode(), signed, hashlib.sha256)).decode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"User-Agent: HubSpot Connect 2.0\r\nX-HubSpot-Request-Timestamp: {stamp}\r\n"
        f"X-HubSpot-Signature-v3: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _event(deal: int) -> Mapping[str, object]:
    return {
        "eventId": 1030198139,
        "subscriptionId": 4578255,
        "portalId": PORTAL,
        "appId": 77001,
        "occurredAt": int(time.time() * 1000),
        "subscriptionType": "deal.propertyChange",
        "attemptNumber": 0,
        "objectId": 31_000_000_000 + deal,
        "propertyName": "dealstage",
        "propertyValue": "contract",
        "changeSource": "CRM_UI",
        "sourceId": "userId:9101",
    }


def _public_url() -> str:
    return "https://bench.example.com"


@contextmanager
def _serving(kind: str, database: str) -> Iterator[int]:
    port = free_port()
    environ = {
        "DATABASE_URL": database,
        "DEALGATE_BIND": f"127.0.0.1:{port}",
        "DEALGATE_PUBLIC_URL": _public_url(),
        "DEALGATE_LOG_LEVEL": "error",
        "HUBSPOT_ACCESS_TOKEN": "unused",
        "HUBSPOT_CLIENT_SECRET": SECRET,
        "HUBSPOT_PORTAL_ID": str(PORTAL),
        "HUBSPOT_APP_ID": "77001",
    }
    with ExitStack() as stack:
        stack.enter_context(process("benchmarks.ingest_server", kind, environ=environ))
        await_port(port)
        yield port


if __name__ == "__main__":
    main(options("How much of the possible intake the webhook edge keeps."))
