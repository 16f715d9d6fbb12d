"""What a Company became in an org."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seeded:
    """Which record became of which key of the company. `users` also by the company's user ids."""

    users: Mapping[str, str]
    products: Mapping[str, str]
    entries: Mapping[str, str]
    customers: Mapping[str, str]
    contacts: Mapping[str, str]
    record_types: Mapping[str, str]
    organization: str
    price_book: str
    queue: str
    deals: Mapping[str, str] = field(default_factory=dict)
