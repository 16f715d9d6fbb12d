"""What a CRM changes rarely, kept for a while: pipelines, people, definitions of fields."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
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

    def outdated(self) -> bool:
        """Load again at the next need, but not more often than once a minute; say whether that will be."""
        old = self._held is not None and self._now() - self._held[0] > _NO_SOONER
        if old:
            self.forget()
        return old

    def forget(self) -> None:
        """Load again at the next need."""
        self._held = None


class KeptEach(Generic[T]):
    """Values by name, each kept for itself."""

    def __init__(self, load: Callable[[str], T], now: Callable[[], datetime], ttl: timedelta) -> None:
        self._load = load
        self._now = now
        self._ttl = ttl
        self._kept: dict[str, Kept[T]] = {}

    def get(self, name: str) -> T:
        """Return the value of this name, at most `ttl` old."""
        return self.of(name).get()

    def of(self, name: str) -> Kept[T]:
        """Return where the value of this name is kept."""
        if name not in self._kept:
            self._kept[name] = Kept(partial(self._load, name), self._now, self._ttl)
        return self._kept[name]

    def forget(self) -> None:
        """Load each again at the next need."""
        for one in self._kept.values():
            one.forget()
