"""Delivery of outbound messages: queued, sent with the latest values, retried until acknowledged."""

import heapq
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import urllib3

from sandbox.clock import Clock
from sandbox.salesforce import soap
from sandbox.salesforce.doorbells import Doorbell
from sandbox.salesforce.drafts import Change
from sandbox.salesforce.ids import Ids
from sandbox.salesforce.soap import Notification

MOST = 100
_FIRST_GAP_S = 15.0
_LONGEST_GAP_S = 7200.0
_KEPT_S = 86_400.0
_DELAY_S = 0.5


@dataclass(frozen=True, slots=True)
class MessageTarget:
    """Where to deliver. `delay_s` passes (shortened by the clock) before a message is first sent.

    `duplicates`, `disorder` and `loss` are shares of the notifications; `seed` makes them repeatable. A
    late one or a duplicate comes within `_DELAY_S` real seconds.
    """

    url: str
    duplicates: float = 0.0
    disorder: float = 0.0
    loss: float = 0.0
    delay_s: float = 0.0
    seed: int = 0
    in_flight: int = 4
    timeout_s: float = 10.0


@dataclass(slots=True)
class Delivered:
    """What became of the notifications (`events`) so far; `given_up`: no Ack within 24 hours."""

    events: int = 0
    requests: int = 0
    failures: int = 0
    duplicated: int = 0
    delayed: int = 0
    lost: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Queued:
    """One notification: its own id, and the record whose values it will carry."""

    id: str
    doorbell: Doorbell
    record: str


@dataclass(frozen=True, slots=True)
class _Batch:
    items: tuple[Queued, ...]
    attempt: int = 0
    waited_s: float = 0.0


Read = Callable[[Sequence[Queued]], list[Notification]]
"""Returns the records as they are now; those that are gone stay out."""


class Messages:
    """Takes changes, delivers them from its own threads, one kind of message a request."""

    def __init__(
        self,
        target: MessageTarget,
        doorbells: Callable[[], Sequence[Doorbell]],
        read: Read,
        *,
        organization: str,
        instance: str,
        clock: Clock,
    ) -> None:
        self.target = target
        self.delivered = Delivered()
        self._doorbells = doorbells
        self._read = read
        self._organization = organization
        self._instance = instance
        self._clock = clock
        self._random = random.Random(target.seed)
        self._ids = Ids()
        self._actions: dict[str, str] = {}
        self._fresh: deque[Queued] = deque()
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

    def tell(self, change: Change) -> None:
        """Take one change; returns at once."""
        for doorbell in self._doorbells():
            if doorbell.sobject == change.record.sobject.name and doorbell.rings(change):
                with self._news:
                    self._take(Queued(self._ids.new("04l"), doorbell, change.record.id))

    def wait_idle(self, timeout_s: float = 30.0) -> bool:
        """Wait until nothing is under way or waiting for a retry; return whether that came to be."""
        with self._news:
            return self._news.wait_for(
                lambda: not self._fresh and not self._later and not self._flying, timeout=timeout_s
            )

    def _take(self, one: Queued) -> None:
        if self._random.random() < self.target.loss:
            self.delivered.lost += 1
            return
        if self._random.random() < self.target.duplicates:
            self.delivered.duplicated += 1
            self._put_off(_Batch((one,)), self._random.uniform(0, _DELAY_S))
        if self._random.random() < self.target.disorder:
            self.delivered.delayed += 1
            self._put_off(_Batch((one,)), self._random.uniform(0, _DELAY_S))
        elif self.target.delay_s:
            self._put_off(_Batch((one,)), self._clock.real(self.target.delay_s))
        else:
            self._fresh.append(one)
            self._news.notify()

    def _put_off(self, batch: _Batch, seconds: float) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._order), batch))
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
                    return self._gathered()
                self._news.wait(self._later[0][0] - now if self._later else None)
            return None

    def _gathered(self) -> _Batch:
        """Return what waits of the first one's kind, up to 100."""
        doorbell, taken, left = self._fresh[0].doorbell, list[Queued](), deque[Queued]()
        for one in self._fresh:
            (taken if one.doorbell.name == doorbell.name and len(taken) < MOST else left).append(one)
        self._fresh = left
        return _Batch(tuple(taken))

    def _settle(self, batch: _Batch, *, well: bool) -> None:
        self.delivered.requests += 1
        if well:
            self.delivered.events += len(batch.items)
            return
        self.delivered.failures += 1
        gap = min(_FIRST_GAP_S * 2**batch.attempt, _LONGEST_GAP_S)
        if batch.waited_s + gap > _KEPT_S:
            self.delivered.given_up += len(batch.items)
            return
        again = _Batch(batch.items, batch.attempt + 1, batch.waited_s + gap)
        self._put_off(again, self._clock.real(gap))

    def _action(self, name: str) -> str:
        with self._news:
            return self._actions.setdefault(name, self._ids.new("04k"))

    def _post(self, batch: _Batch) -> bool:
        told = self._read(batch.items)
        if not told:
            return True
        action = self._action(batch.items[0].doorbell.name)
        body = soap.envelope(self._organization, action, self._instance, told)
        headers = {
            "Content-Type": soap.CONTENT_TYPE,
            "SOAPAction": '""',
            "User-Agent": "Jakarta Commons-HttpClient/3.1",
        }
        try:
            answer = self._pool.request(
                "POST", self.target.url, body=body, headers=headers, timeout=self.target.timeout_s
            )
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200 and soap.acknowledged(answer.data)
