"""How fast we may call a CRM: asked before every call."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Budget = Callable[[str], float]
"""Take one call from a bucket: 0.0 when granted, else the seconds to wait before asking again."""

Hold = Callable[[str, float], None]
"""Tell whoever shares the budget that the CRM grants nothing of a bucket for so many seconds."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`calls` in any `seconds`."""

    calls: int
    seconds: float


class Allowed(Protocol):
    """What may be called of each bucket; an adapter learns it from its CRM's answers."""

    def __getitem__(self, bucket: str) -> Limit: ...


class LocalBudget:
    """A budget for one process alone; several processes share the store's row instead."""

    def __init__(self, limits: Allowed) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._free_at: dict[str, list[float]] = {}

    def __call__(self, bucket: str) -> float:
        """Grant while fewer than the limit's calls lie inside its seconds."""
        limit, now = self._limits[bucket], time.monotonic()
        with self._lock:
            taken = [at for at in self._free_at.get(bucket, ()) if at > now]
            if len(taken) < limit.calls:
                taken.append(now + limit.seconds)
                wait = 0.0
            else:
                wait = taken[-limit.calls] - now
            self._free_at[bucket] = taken
        return wait
