"""Delivery of outbound messages: queued, sent with the latest values, retried until acknowledged."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.salesforce import soap
from sandbox.salesforce.doorbells import Doorbell
from sandbox.salesforce.drafts import Change
from sandbox.salesforce.ids import Ids
from sandbox.salesforce.soap import Notification
from sandbox.sender import MOST, Batch, Sender

_FIRST_GAP_S = 15.0
_LONGEST_GAP_S = 7200.0
_KEPT_S = 86_400.0


@dataclass(frozen=True, slots=True)
class MessageTarget:
    """Where to deliver. `delay_s` passes (shortened by the clock) before a message is first sent."""

    url: str
    duplicates: float = 0.0
    disorder: float = 0.0
    loss: float = 0.0
    delay_s: float = 0.0
    seed: int = 0
    in_flight: int = 4
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Queued:
    """One notification: its own id, and the record whose values it will carry."""

    id: str
    doorbell: Doorbell
    record: str


Read = Callable[[Sequence[Queued]], list[Notification]]
"""Returns the records as they are now; those that are gone stay out."""


class Messages(Sender[Queued]):
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
        super().__init__(target, clock)
        self.target = target
        self._doorbells = doorbells
        self._read = read
        self._organization = organization
        self._instance = instance
        self._ids = Ids()
        self._actions: dict[str, str] = {}

    def tell(self, change: Change) -> None:
        """Take one change; returns at once."""
        for doorbell in self._doorbells():
            if doorbell.sobject == change.record.sobject.name and doorbell.rings(change):
                with self._news:
                    self._take(Queued(self._ids.new("04l"), doorbell, change.record.id), self.target.delay_s)

    def _gathered(self) -> Batch[Queued]:
        """Return what waits of the first one's kind, up to 100."""
        doorbell, taken, left = self._fresh[0].doorbell, list[Queued](), deque[Queued]()
        for one in self._fresh:
            (taken if one.doorbell.name == doorbell.name and len(taken) < MOST else left).append(one)
        self._fresh = left
        return Batch(tuple(taken))

    def _gap(self, batch: Batch[Queued]) -> float | None:
        gap = min(_FIRST_GAP_S * 2**batch.attempt, _LONGEST_GAP_S)
        return None if batch.waited_s + gap > _KEPT_S else gap

    def _action(self, name: str) -> str:
        with self._news:
            return self._actions.setdefault(name, self._ids.new("04k"))

    def _post(self, batch: Batch[Queued]) -> bool:
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
        answer = self._request(body, headers)
        return answer is not None and answer.status == 200 and soap.acknowledged(answer.data)
