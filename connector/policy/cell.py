"""One unary test of a decision table, as the engine reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.deals import Value


@dataclass(frozen=True, slots=True)
class Cell:
    """One unary test: `text` as written, `test` compiled to a closure, which is never called with None or
    Unreadable: an unknown input makes the row unknown. Its answer changes only at the `breakpoints`, the
    limits it names, and at the `words` it names (case folded)."""

    field: str
    text: str
    test: Callable[[Value], bool]
    any: bool = False
    breakpoints: tuple[Decimal | date, ...] = ()
    currency: str | None = None
    words: frozenset[str] = frozenset()
