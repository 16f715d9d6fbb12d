"""Why somebody must decide, in words that finish the sentence "because ..."."""

from collections.abc import Sequence
from decimal import Decimal

from connector import values
from connector.texts.words import title

_MOST_NAMED, _LONGEST = 3, 40  # products in one sentence, characters of each


def always() -> str:
    return "it always takes a decision"


def to_confirm(fact: str) -> str:
    return f'"{fact}" has to be confirmed'


def over_your_limit(what: str, limit: str) -> str:
    return f"{what} is over your {limit}"


def under_your_limit(what: str, limit: str) -> str:
    return f"{what} is under your {limit}"


def over(what: str, limit: str) -> str:
    return f"{what} is over {limit}"


def under(what: str, limit: str) -> str:
    return f"{what} is under {limit}"


def value_is(label: str, value: str) -> str:
    return f"{label} is {value}"


def not_offered(count: Decimal, names: Sequence[str]) -> str:
    """Name the products, as many as people read; where none is known, say how many they are."""
    if not names or not count:
        return f"{values.counted(count, 'product')} {_are(count)} not in the standard offering"
    said = [title(name, _LONGEST) for name in names[:_MOST_NAMED]]
    left = len(names) - len(said)
    said += [values.more(left, "product")] if left else []
    return f"{values.listing(said)} {_are(len(names))} not in the standard offering"


def _are(count: Decimal | int) -> str:
    return "is" if count == 1 else "are"


def rows_contradict(rows: str, matrix: str) -> str:
    return f"rows {rows} of the authority matrix {matrix} contradict each other for this deal"


def no_row(matrix: str, values_are: str) -> str:
    return f"no row of the authority matrix {matrix} covers a deal where {values_are}"


def not_known(label: str, why: str) -> str:
    return f"{label} is not known: {why}"


def no_rate(label: str, limits_in: str, sold_in: str | None) -> str:
    deal = f"the deal is in {sold_in}" if sold_in else "the deal names no currency"
    return f"the limit for {label} is in {limits_in}, {deal}, and no exchange rate is known"
