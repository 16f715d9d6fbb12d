"""A deal that shows a fault, in words: "a deal of EUR 60,000 with 12 % discount and region EMEA"."""

from decimal import Decimal

from connector import values
from connector.policy.model import FieldType
from connector.proof.axes import Axis, is_count
from connector.proof.boxes import Box, corner
from connector.proof.faults import Witness
from connector.proof.space import Space

_MOST_WORDS = 6


def witness(space: Space, box: Box, *, beside: Box | None = None) -> Witness:
    """Return one deal of the box. Only the fields that make it one are told, and those in which it is another
    deal than the one `beside` it."""
    point = corner(box)
    other = beside or point
    told = [
        place
        for place, one in enumerate(space.axes)
        if box[place] != one.full or point[place] != other[place]
    ]
    return Witness(space.values(point), space.currency, _deal(space, point, told))


def _deal(space: Space, point: Box, told: list[int]) -> str:
    of, carried = "", []
    for place in told:
        one = space.axes[place]
        if one.field.name == "amount":
            of = f" of {_said(one, point[place], space.currency)}"
        else:
            carried.append(_with(one, point[place], space.currency))
    return f"a deal{of} with {values.listing(carried)}" if carried else f"a deal{of}" if of else "any deal"


def _with(one: Axis, piece: int, currency: str | None) -> str:
    label = one.field.label
    if one.is_other(piece):
        return f"another {label} than {_some(one.named)}" if one.named else f"any {label}"
    said = _said(one, piece, currency)
    first = one.field.type is FieldType.PERCENT or is_count(one.field)
    return f"{said} {label}" if first else f"{label} {said}"


def _said(one: Axis, piece: int, currency: str | None) -> str:
    value = one.value(piece)
    digits = 8 if isinstance(value, Decimal) else None
    return values.say(value, one.field.type, currency, digits)


def _some(words: tuple[str, ...]) -> str:
    if len(words) <= _MOST_WORDS:
        return values.listing(words, "or")
    return f"{', '.join(words[:_MOST_WORDS])} and {len(words) - _MOST_WORDS} more"
