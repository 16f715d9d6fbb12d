"""What a CRM changes rarely, kept for a while: pipelines, people, definitions of fields."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")
_NO_SOONER = timedelta(minutes=1)


class Kept(Generic[T]):
    """One value, loaded when first needed and again when it is older than `ttl`."""

    def __init__(self, load: Callable[[], T], now: Callable[[], datetime], ttl: timedelta) -> None:
        self._load = load
        self._now = now
        self._ttl = ttl
        self._lock = threading.Lock()
        self._held: tuple[datetime, T] | None = None
        self._renewed_at: datetime | None = None

    def get(self) -> T:
        """Return the value, at most `ttl` old."""
        with self._lock:
            if self._held is None or self._now() - self._held[0] > self._ttl:
                self._held = self._now(), self._load()
            return self._held[1]

    def renewed(self) -> T:
        """Return the value for somebody who met something newer; loads again once a minute at most."""
        if self._renewed_at is None or self._now() - self._renewed_at > _NO_SOONER:
            self._renewed_at = self._now()
            self.forget()
        return self.get()

    def held(self) -> T | None:
        """Return what was loaded last, if anything."""
        return self._held[1] if self._held else None

    def outdated(self) -> None:
        """Load again at the next need, but not more often than once a minute."""
        if self._held and self._now() - self._held[0] > _NO_SOONER:
            self.forget()

    def forget(self) -> None:
        """Load again at the next need."""
        self._held = None
