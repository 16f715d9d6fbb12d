"""Which path leads where, the same for both CRMs."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Handler = TypeVar("Handler")


@dataclass(frozen=True, slots=True)
class Route(Generic[Handler]):
    """One entry; a `{name}` part of the pattern matches anything."""

    method: str
    pattern: tuple[str, ...]
    handler: Handler

    def names(self, method: str, parts: tuple[str, ...]) -> dict[str, str] | None:
        """Return the variable parts if the path fits."""
        if method != self.method or len(parts) != len(self.pattern):
            return None
        found: dict[str, str] = {}
        for wanted, part in zip(self.pattern, parts, strict=True):
            if wanted[0] == "{":
                found[wanted[1:-1]] = part
            elif wanted != part:
                return None
        return found


def leads(method: str, pattern: str, handler: Handler) -> Route[Handler]:
    """Make an entry of a pattern with slashes."""
    return Route(method, tuple(pattern.split("/")), handler)
