"""How both CRMs deliver what happened: from threads of their own, in batches, retried.

Duplicates, disorder and loss on request.
"""

import heapq
import random
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Generic, Protocol, TypeVar

import urllib3

from sandbox.clock import Clock

Item = TypeVar("Item")

MOST = 100  # of both vendors in one request
_DELAY_S = 0.5


class Target(Protocol):
    """Where to deliver. `duplicates`, `disorder` and `loss` are shares of the items; `seed` makes them
    repeatable. A late item or a duplicate comes within `_DELAY_S` real seconds."""

    @property
    def url(self) -> str: ...
    @property
    def duplicates(self) -> float: ...
    @property
    def disorder(self) -> float: ...
    @property
    def loss(self) -> float: ...
    @property
    def seed(self) -> int: ...
    @property
    def in_flight(self) -> int: ...
    @property
    def timeout_s(self) -> float: ...


@dataclass(slots=True)
class Delivered:
    """What became of the items (`events`) so far; `given_up` had all their tries, `lost` were never sent."""

    events: int = 0
    requests: int = 0
    failures: int = 0
    duplicated: int = 0
    delayed: int = 0
    lost: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """What goes in one request; `waited_s`: how long its retries have waited so far."""

    items: tuple[Item, ...]
    attempt: int = 0
    waited_s: float = 0.0


class Sender(ABC, Generic[Item]):
    """Delivers items, at most `in_flight` requests at a time. A vendor says what a request is and when it is
    tried again."""

    def __init__(self, target: Target, clock: Clock) -> None:
        self.delivered = Delivered()
        self._sent_to = target
        self._clock = clock
        self._random = random.Random(target.seed)
        self._fresh: deque[Item] = deque()
        self._later: list[tuple[float, int, Batch[Item]]] = []
        self._order = count()
        self._flying = 0
        self._closing = False
        self._news = threading.Condition()
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=target.in_flight, retries=False)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(target.in_flight)]

    @abstractmethod
    def _post(self, batch: Batch[Item]) -> bool:
        """Send it; return whether the receiver took it."""

    @abstractmethod
    def _gap(self, batch: Batch[Item]) -> float | None:
        """Return how many seconds the next try waits, None where the vendor gives up."""

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

    def wait_idle(self, timeout_s: float = 30.0) -> bool:
        """Wait until nothing is under way or waiting for a retry; return whether that came to be."""
        with self._news:
            return self._news.wait_for(
                lambda: not self._fresh and not self._later and not self._flying, timeout=timeout_s
            )

    def _take(self, item: Item, delay_s: float = 0.0) -> None:
        """Queue one item, to be sent first after `delay_s` of the clock's seconds. The lock is held."""
        if self._random.random() < self._sent_to.loss:
            self.delivered.lost += 1
            return
        if self._random.random() < self._sent_to.duplicates:
            self.delivered.duplicated += 1
            self._put_off(Batch((item,)), self._random.uniform(0, _DELAY_S))
        if self._random.random() < self._sent_to.disorder:
            self.delivered.delayed += 1
            self._put_off(Batch((item,)), self._random.uniform(0, _DELAY_S))
        elif delay_s:
            self._put_off(Batch((item,)), self._clock.real(delay_s))
        else:
            self._fresh.append(item)
            self._news.notify()

    def _gathered(self) -> Batch[Item]:
        """Take what goes into one request out of what is fresh."""
        taken = [self._fresh.popleft() for _ in range(min(MOST, len(self._fresh)))]
        return Batch(tuple(taken))

    def _request(self, body: bytes, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse | None:
        """Return the receiver's answer, None where none came."""
        to = self._sent_to
        try:
            return self._pool.request("POST", to.url, body=body, headers=headers, timeout=to.timeout_s)
        except urllib3.exceptions.HTTPError:
            return None

    def _put_off(self, batch: Batch[Item], seconds: float) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._order), batch))
        self._news.notify()

    def _work(self) -> None:
        while (batch := self._next()) is not None:
            well = self._post(batch)
            with self._news:
                self._flying -= 1
                self._settle(batch, well=well)
                self._news.notify_all()

    def _next(self) -> Batch[Item] | None:
        with self._news:
            while not self._closing:
                now = time.monotonic()
                if self._later and self._later[0][0] <= now:
                    self._flying += 1
                    return heapq.heappop(self._later)[2]
                if self._fresh:
                    self._flying += 1
                    return self._gathered()
                self._news.wait(self._later[0][0] - now if self._later else None)
            return None

    def _settle(self, batch: Batch[Item], *, well: bool) -> None:
        self.delivered.requests += 1
        if well:
            self.delivered.events += len(batch.items)
            return
        self.delivered.failures += 1
        gap = self._gap(batch)
        if gap is None:
            self.delivered.given_up += len(batch.items)
            return
        self._put_off(Batch(batch.items, batch.attempt + 1, batch.waited_s + gap), self._clock.real(gap))
