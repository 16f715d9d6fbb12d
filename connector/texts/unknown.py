"""Why a value is not known or cannot be used, in words that follow a colon: "no cost is known for X"."""

from collections.abc import Mapping
from types import MappingProxyType

from connector import values
from connector.policy.model import FieldType

_IS_NOT: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.MONEY: "not an amount",
        FieldType.PERCENT: "not a percentage",
        FieldType.NUMBER: "not a number",
        FieldType.DATE: "not a date",
        FieldType.BOOLEAN: "neither yes nor no",
        FieldType.ENUM: "not one of the options",
        FieldType.TEXT: "not a text",
        FieldType.PERSON: "not a person",
    }
)
_LONGEST = 40


def is_not(text: str, kind: FieldType) -> str:
    """Say that a value is not of its field's type."""
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    return f'"{shown}" is {_IS_NOT[kind]}'


def not_computed() -> str:
    return "nothing says how it is computed"


def no_today() -> str:
    return "today is not known"


def not_filled_in(label: str) -> str:
    return f"{label} is not filled in"


def amount_empty() -> str:
    return "the amount is not filled in"


def of_field(label: str, why: str) -> str:
    return f"{label}: {why}"


# --- product lines ---


def lines_not_read() -> str:
    return "the product lines were not read"


def line(number: str) -> str:
    return f"line {number}"


def no_price(line: str) -> str:
    return f"{line} has no price"


def no_cost(line: str) -> str:
    return f"no cost is known for {line}"


def no_effort(line: str) -> str:
    return f"the offering does not say what {line} takes"


def no_list_price(line: str) -> str:
    return f"no list price is known for {line}"


def no_list_prices() -> str:
    return "no product line has a list price"


def negative_quantity() -> str:
    return "a product line has a negative quantity"


def lines_add_up_to_nothing() -> str:
    return "the product lines add up to nothing"


def list_prices_add_up_to_nothing() -> str:
    return "the list prices add up to nothing"


# --- distances from the standard offering ---


def no_contract_value() -> str:
    return "the contract value is not known"


def no_rate(label: str, priced_in: str | None, sold_in: str | None) -> str:
    priced, sold = priced_in or "no currency", sold_in or "no currency"
    return f"a unit of {label} is priced in {priced}, the deal is in {sold}, and no rate is known"


def every_start() -> str:
    return "every start"


def at_most(quantity: str) -> str:
    return f"at most {quantity}"


def no_less_than(quantity: str) -> str:
    return f"at least {quantity}"


def days(count: int) -> str:
    return values.counted(count, "day")
