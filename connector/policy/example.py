"""An example: a deal written beside the rules, with what must come out. It is a test of the policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from connector.deals import LineItem, Value


@dataclass(frozen=True, slots=True)
class Example:
    """`values` are words of the vocabulary, computed ones as well: what is written counts. `gate`: the gate
    asked; `expect` a readiness. `roles` and `codes` are held against the roles asked and the findings' codes
    where they are written, None: whatever they are. `beside`: by `veto`, `attest` and `notify` the roles that
    are named so, none for "nobody"; `rises` the working hours until those above are asked, 0 at once."""

    id: str
    gate: str
    expect: str
    values: Mapping[str, Value] = field(default_factory=dict)
    lines: tuple[LineItem, ...] = ()
    currency: str | None = None
    today: date | None = None
    owner: str | None = None
    roles: frozenset[str] | None = None
    codes: frozenset[str] | None = None
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rises: int | None = None
    where: str = ""
