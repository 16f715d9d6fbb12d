"""Round numbers for examples: what a person would write who needs a value on one side of a limit."""

from decimal import Decimal

_HALF = Decimal("0.5")
_LEAST = Decimal(10)


def between(low: Decimal, high: Decimal) -> Decimal:
    """Return a round number strictly between two."""
    middle = (low + high) * _HALF
    step = Decimal(1).scaleb((high - low).adjusted())
    while True:
        found = (middle / step).to_integral_value() * step
        if low < found < high:
            return found + 0
        step /= 10


def above(limit: Decimal) -> Decimal:
    """Return a round number over the limit."""
    return between(limit, limit + max(abs(limit) * _HALF, _LEAST))


def below(limit: Decimal) -> Decimal:
    """Return a round number under the limit, a positive one where there is any."""
    return between(Decimal(0) if limit > 0 else limit - max(abs(limit) * _HALF, _LEAST), limit)
