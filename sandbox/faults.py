"""Fault switches: what goes wrong, on which routes, how often, drawn from a seed."""

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class FaultKind(StrEnum):
    """What can go wrong. TIMEOUT never answers; RESET cuts the connection; PARTIAL fails rows of a batch."""

    RATE_LIMIT = "429"
    DAILY_LIMIT = "429-daily"
    LOCKED = "423"
    ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    TIMEOUT = "timeout"
    RESET = "reset"
    HTML = "html"
    PARTIAL = "partial"
    EXPIRED_TOKEN = "expired-token"  # noqa: S105 - the name of a fault

    @classmethod
    def _missing_(cls, value: object) -> None:
        raise ValueError(f"found kind {value!r}; allowed: {', '.join(cls)}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One switch. `route` is a glob over routes such as `POST objects/deals/batch/update`.

    `rate` is the share of calls hit. `after` lets the write happen before it goes wrong (any kind but
    PARTIAL): the case that a client cannot tell from a failure. `times` ends the fault after so many hits.
    """

    kind: FaultKind
    route: str = "*"
    rate: float = 1.0
    after: bool = False
    times: int | None = None


class FaultPlan:
    """Draws at most one fault for each call; the same seed and order of calls give the same faults."""

    def __init__(self, faults: Iterable[Fault] = (), *, seed: int = 0, hold_s: float = 60.0) -> None:
        self.hold_s = hold_s
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()
        self._left: dict[Fault, int] = {}
        self.set(faults)

    def set(self, faults: Iterable[Fault]) -> None:
        """Replace all switches."""
        with self._lock:
            self._faults = tuple(faults)
            self._left = {fault: fault.times for fault in self._faults if fault.times is not None}

    def clear(self) -> None:
        """Let everything work again."""
        self.set(())

    def draw(self, route: str) -> Fault | None:
        """Return the fault that hits this call, if any."""
        if not self._faults:
            return None
        with self._lock:
            return next((fault for fault in self._faults if self._hits(fault, route)), None)

    def chance(self, share: float) -> bool:
        """Say yes for that share of the questions (rows of a PARTIAL batch)."""
        with self._lock:
            return self._random.random() < share

    def _hits(self, fault: Fault, route: str) -> bool:
        if not fnmatchcase(route, fault.route) or self._left.get(fault, 1) <= 0:
            return False
        if self._random.random() >= fault.rate:
            return False
        if fault in self._left:
            self._left[fault] -= 1
        return True
