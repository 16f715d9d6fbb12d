"""A deal made up to show a difference, and how it is said: "discount 11 %, region EMEA"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from connector import values
from connector.deals import LineItem, Value
from connector.policy.model import Field, FieldType, Home
from connector.versions.hours import Hours

TODAY = date(2000, 1, 3)  # the day on which they are judged; near dates are said as days from it
_NEAR = timedelta(days=3_660)
_COUNTED = frozenset({Home.CONTACT, Home.FILE})
_NOT_YET = "unknown, because it is not agreed yet"
_SAMPLES = ("as agreed", "12345", "1234 AB", "NL123456789B01", "a@example.com", "+31 20 123 4567", "A-123")

Facts = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class MadeUp:
    """`values` by the policy's words, computed ones where they are given. `told` are those that make it the
    deal it is, None: all that are known. `today` is the day on which it is judged, `hours` what people have
    then, None: nobody looks."""

    values: Facts
    lines: tuple[LineItem, ...] = ()
    told: tuple[str, ...] | None = None
    hours: Hours | None = None
    today: date = TODAY

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells it from another deal."""
        return (*self.values.items(), *self.lines, self.hours, self.today)


def describe(deal: MadeUp, fields: Mapping[str, Field], currency: str | None) -> str:
    """Say the values that decide, "any deal" where there are none."""
    names = (
        deal.told if deal.told is not None else [name for name, one in deal.values.items() if one is not None]
    )
    said = [_line(line, currency) for line in deal.lines]
    said += [_value(fields[name], deal.values.get(name), currency) for name in names]
    if deal.hours is not None:
        said.append(deal.hours.words)
    return ", ".join(said) or "any deal"


def line(name: str, price: Decimal | None = None) -> LineItem:
    """Return one unit of a product."""
    return LineItem("1", None, name, name, Decimal(1), None, price)


def filled(field: Field) -> tuple[Value, ...]:
    """Return values with which a field counts as filled in, the plainest first."""
    match field.type:
        case FieldType.MONEY | FieldType.PERCENT | FieldType.NUMBER:
            return (Decimal(1),)
        case FieldType.DATE:
            return (TODAY,)
        case FieldType.BOOLEAN:
            return (True,)
        case FieldType.ENUM | FieldType.TEXT | FieldType.PERSON:
            return field.options[:1] or _SAMPLES


def not_filled(field: Field) -> tuple[Value, ...]:
    """Return values with which it is not, or not yet."""
    if field.home in _COUNTED:
        return (Decimal(0),)
    return (None, _NOT_YET) if field.type is FieldType.TEXT else (None,)


def _line(item: LineItem, currency: str | None) -> str:
    return (
        f"{item.name} at {values.money(item.net_price, currency)}"
        if item.net_price is not None
        else item.name
    )


def _value(field: Field, value: Value, currency: str | None) -> str:
    if value is None or (field.home in _COUNTED and value == 0):
        return f"no {field.label}"
    if isinstance(value, date) and abs(value - TODAY) < _NEAR:
        return f"{field.label} in {values.counted((value - TODAY).days, 'day')}"
    return f"{field.label} {values.say(value, field.type, currency, 2)}"
