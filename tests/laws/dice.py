"""Chance from one seed: a policy and the life of a deal take hundreds of choices, too many to draw each."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # a Tuesday


class Dice(Random):
    """Chance from one seed that hypothesis draws. A `plain` one leaves out whatever is odd."""

    plain = False

    def seldom(self) -> bool:
        """Say yes once in eight: the odd must not crowd out the usual."""
        return self.random() < 0.125 and not self.plain

    def often(self) -> bool:
        """Say yes three times in four."""
        return self.random() < 0.75

    def some(self, *items: str, most: int = 3) -> list[str]:
        """Take one or more of them, in any order."""
        return self.sample(items, self.randint(1, min(most, len(items))))

    def day(self) -> date:
        """Take a day from a month ago to two years ahead."""
        return (NOW + timedelta(days=self.randint(-30, 700))).date()

    def number(self, most: int = 40) -> Decimal:
        """Take a number that people write, seldom one that nobody does."""
        if self.seldom():
            return Decimal(self.randint(-500, most * 100)) / 100
        return Decimal(self.randint(0, most))

    def maybe(self, **keys: object) -> Mapping[str, object]:
        """Keep each key or not; `_` in a name is written `-`."""
        return {name.replace("_", "-"): value for name, value in keys.items() if self.random() < 0.4}
