"""The sandbox's time: real time that can be shifted, and waits that can be shortened."""

import threading
import time
from datetime import UTC, datetime
from functools import lru_cache


class Clock:
    """Tell the time in ms since 1970; `speed` shortens waits (webhook retries, index lag), never timestamps.

    Signatures and history entries need the real time, because the receiver compares them with its own.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._shift_ms = 0
        self._lock = threading.Lock()

    def now_ms(self) -> int:
        """Return the present in ms."""
        return time.time_ns() // 1_000_000 + self._shift_ms

    def signing_ms(self) -> int:
        """Return the time that a receiver may check against its own, which nobody shifts."""
        return time.time_ns() // 1_000_000

    def advance(self, seconds: float) -> None:
        """Let the given time pass at once."""
        with self._lock:
            self._shift_ms += int(seconds * 1000)

    def real(self, seconds: float) -> float:
        """Return how long a wait of that many sandbox seconds lasts in real seconds."""
        return seconds / self.speed


class StillClock(Clock):
    """A clock that goes on only when it is told to: CRMs that share one see the same act at the same time."""

    def __init__(self, start_ms: int, speed: float = 1.0) -> None:
        super().__init__(speed)
        self._start_ms = start_ms

    def now_ms(self) -> int:
        return self._start_ms + self._shift_ms

    def signing_ms(self) -> int:
        return self.now_ms()


def iso(ms: int) -> str:
    """Write a time as HubSpot and Salesforce do: UTC, milliseconds, `Z`."""
    seconds, rest = divmod(ms, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").removesuffix("+00:00")


def ms_of(moment: datetime) -> int:
    """Return an aware time in ms."""
    return int(moment.timestamp() * 1000)
