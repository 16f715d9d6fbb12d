"""What was asked of the sandbox: calls, refusals and the sandbox's own time, by route."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class RouteCount:
    """One route: answered calls, those answered 4xx or 5xx or not at all, own time in ms."""

    calls: int = 0
    errors: int = 0
    own_ms: float = 0.0


class Counters:
    """Counts by route, safe for many threads."""

    def __init__(self) -> None:
        self._routes: dict[str, RouteCount] = {}
        self._lock = threading.Lock()

    def count(self, route: str, status: int, own_ms: float) -> None:
        """Add one call; status 0 is a call that got no answer."""
        failed = status == 0 or status >= 400
        with self._lock:
            old = self._routes.get(route, RouteCount())
            self._routes[route] = RouteCount(old.calls + 1, old.errors + failed, old.own_ms + own_ms)

    def by_route(self) -> Mapping[str, RouteCount]:
        """Return a copy of the counts."""
        with self._lock:
            return dict(self._routes)

    def calls(self) -> Mapping[str, int]:
        """Return the number of calls of each route."""
        return {route: count.calls for route, count in self.by_route().items()}

    def total(self) -> RouteCount:
        """Return the sum over all routes."""
        whole = RouteCount()
        for count in self.by_route().values():
            whole = replace(
                whole,
                calls=whole.calls + count.calls,
                errors=whole.errors + count.errors,
                own_ms=whole.own_ms + count.own_ms,
            )
        return whole

    def reset(self) -> None:
        """Forget everything counted so far."""
        with self._lock:
            self._routes.clear()
