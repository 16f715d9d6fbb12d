"""Why somebody must decide, in words that finish the sentence "because ..."."""

from decimal import Decimal

from connector import values


def always() -> str:
    return "it always takes a decision"


def to_confirm(fact: str) -> str:
    return f'"{fact}" has to be confirmed'


def over_your_limit(what: str, limit: str) -> str:
    return f"{what} is over your {limit}"


def under_your_limit(what: str, limit: str) -> str:
    return f"{what} is under your {limit}"


def value_is(label: str, value: str) -> str:
    return f"{label} is {value}"


def not_offered(count: Decimal) -> str:
    return f"{values.counted(count, 'product')} {'is' if count == 1 else 'are'} not in the standard offering"


def rows_contradict(rows: str, matrix: str) -> str:
    return f"rows {rows} of the authority matrix {matrix} contradict each other for this deal"


def no_row(matrix: str, values_are: str) -> str:
    return f"no row of the authority matrix {matrix} covers a deal where {values_are}"


def not_known(label: str, why: str) -> str:
    return f"{label} is not known: {why}"


def no_rate(label: str, limits_in: str, sold_in: str | None) -> str:
    deal = f"the deal is in {sold_in}" if sold_in else "the deal names no currency"
    return f"the limit for {label} is in {limits_in}, {deal}, and no exchange rate is known"
