"""Webhook delivery: signed, batched, retried; duplicates, disorder, loss on request (reference 2.6)."""

import base64
import hashlib
import heapq
import hmac
import random
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import orjson
import urllib3

from sandbox.clock import Clock
from sandbox.hubspot.events import Event
from sandbox.hubspot.subscriptions import Subscription, Subscriptions, of_the_product

MOST_EVENTS = 100
MOST_RETRIES = 10
_FIRST_GAP_S = 60.0
_DELAY_S = 0.5

Message = dict[str, object]


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where to deliver. `public_url` is signed, `url` is called (they differ behind a proxy).

    `duplicates`, `disorder` and `loss` are shares of the events; `seed` makes them repeatable. A late
    event or a duplicate comes within `_DELAY_S` real seconds. `subscriptions` None: those of the product.
    """

    url: str
    secret: str
    public_url: str | None = None
    subscriptions: tuple[Subscription, ...] | None = None
    duplicates: float = 0.0
    disorder: float = 0.0
    loss: float = 0.0
    seed: int = 0
    in_flight: int = 10
    timeout_s: float = 10.0


@dataclass(slots=True)
class Delivered:
    """What became of the events so far; `given_up` had all their retries, `lost` were never sent."""

    events: int = 0
    requests: int = 0
    failures: int = 0
    duplicated: int = 0
    delayed: int = 0
    lost: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class _Batch:
    messages: tuple[Message, ...]
    attempt: int = 0


class Webhooks:
    """Takes events, delivers them from its own threads, at most `in_flight` requests at a time."""

    def __init__(self, target: WebhookTarget, portal_id: int, app_id: str, clock: Clock) -> None:
        self.target = target
        self.delivered = Delivered()
        subscribed: Iterable[Subscription] = (
            of_the_product() if target.subscriptions is None else target.subscriptions
        )
        self._subscriptions = Subscriptions(subscribed, portal_id, app_id)
        self._clock = clock
        self._random = random.Random(target.seed)
        self._fresh: deque[Message] = deque()
        self._later: list[tuple[float, int, _Batch]] = []
        self._order = count()
        self._flying = 0
        self._closing = False
        self._news = threading.Condition()
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=target.in_flight, retries=False)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(target.in_flight)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop delivering; what is undelivered stays so."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        for thread in self._threads:
            thread.join()
        self._pool.clear()

    def tell(self, event: Event) -> None:
        """Take one event; returns at once."""
        with self._news:
            for message in self._subscriptions.payloads(event, self._random.getrandbits(31)):
                self._take(message)

    def wait_idle(self, timeout_s: float = 30.0) -> bool:
        """Wait until nothing is under way or waiting for a retry; return whether that came to be."""
        with self._news:
            return self._news.wait_for(
                lambda: not self._fresh and not self._later and not self._flying, timeout=timeout_s
            )

    def _take(self, message: Message) -> None:
        if self._random.random() < self.target.loss:
            self.delivered.lost += 1
            return
        if self._random.random() < self.target.duplicates:
            self.delivered.duplicated += 1
            self._put_off(_Batch((dict(message),)), self._random.uniform(0, _DELAY_S))
        if self._random.random() < self.target.disorder:
            self.delivered.delayed += 1
            self._put_off(_Batch((message,)), self._random.uniform(0, _DELAY_S))
            return
        self._fresh.append(message)
        self._news.notify()

    def _put_off(self, batch: _Batch, seconds: float) -> None:
        due = time.monotonic() + seconds
        heapq.heappush(self._later, (due, next(self._order), batch))
        self._news.notify()

    def _work(self) -> None:
        while (batch := self._next()) is not None:
            well = self._post(batch)
            with self._news:
                self._flying -= 1
                self._settle(batch, well=well)
                self._news.notify_all()

    def _next(self) -> _Batch | None:
        with self._news:
            while not self._closing:
                now = time.monotonic()
                if self._later and self._later[0][0] <= now:
                    self._flying += 1
                    return heapq.heappop(self._later)[2]
                if self._fresh:
                    self._flying += 1
                    taken = [self._fresh.popleft() for _ in range(min(MOST_EVENTS, len(self._fresh)))]
                    return _Batch(tuple(taken))
                self._news.wait(self._later[0][0] - now if self._later else None)
            return None

    def _settle(self, batch: _Batch, *, well: bool) -> None:
        self.delivered.requests += 1
        if well:
            self.delivered.events += len(batch.messages)
            return
        self.delivered.failures += 1
        if batch.attempt >= MOST_RETRIES:
            self.delivered.given_up += len(batch.messages)
            return
        again = tuple({**message, "attemptNumber": batch.attempt + 1} for message in batch.messages)
        gap = _FIRST_GAP_S * 2**batch.attempt * self._random.uniform(0.5, 1.5)
        self._put_off(_Batch(again, batch.attempt + 1), self._clock.real(gap))

    def _post(self, batch: _Batch) -> bool:
        body = orjson.dumps(batch.messages)
        try:
            answer = self._pool.request(
                "POST", self.target.url, body=body, headers=self._headers(body), timeout=self.target.timeout_s
            )
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status < 300

    def _headers(self, body: bytes) -> dict[str, str]:
        url = self.target.public_url or self.target.url
        stamp = str(self._clock.signing_ms())
        return {
            "Content-Type": "application/json",
            "User-Agent": "HubSpot Connect 2.0 (namespace: webhooks-nio-http-client)",
            "X-HubSpot-Request-Timestamp": stamp,
            "X-HubSpot-Signature": hashlib.sha256(self.target.secret.encode() + body).hexdigest(),
            "X-HubSpot-Signature-Version": "v1",
            "X-HubSpot-Signature-v3": sign(self.target.secret, "POST", url, body, stamp),
            "X-HubSpot-Timeout-Millis": "10000",
        }


def sign(secret: str, method: str, url: str, body: bytes, stamp: str) -> str:
    """Return the v3 signature (reference 3) over a URL without the escapes that HubSpot would decode."""
    text = method.encode() + url.encode() + body + stamp.encode()
    return base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()
