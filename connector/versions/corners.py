"""The deals on which two versions of one part of a gate are tried: they sit on the corners of its rows, each
of their values then changed to every value that tells the cells of that field apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from connector.checks import capacity, feasibility, required_data
from connector.deals import LineItem, Value
from connector.policy.model import Cell, Field, FieldType, Home, Offering, Product
from connector.versions.answer import CLEAR
from connector.versions.capacity_corners import capacity_corners
from connector.versions.cells import telling
from connector.versions.made_up import TODAY, MadeUp, filled, line, not_filled
from connector.versions.parts import AUTHORITY, Part

_PRODUCT = Field("product", "product", FieldType.TEXT)
_MOST_PRODUCTS = 50

Tells = Mapping[str, Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Sides:
    """The same part of a gate in both versions."""

    name: str
    was: Part
    now: Part

    @property
    def fields(self) -> dict[str, Field]:
        """Return every field by which either version decides."""
        return {name: part.policy.fields[name] for part in (self.was, self.now) for name in part.inputs}

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        return (*self.was.rows, *self.now.rows)

    @property
    def offerings(self) -> tuple[Offering, Offering]:
        return self.was.policy.offering, self.now.policy.offering


def corners(sides: Sides) -> Iterator[MadeUp]:
    """Yield the deals, each once, the plainest first."""
    known: set[tuple[object, ...]] = set()
    for deal in _all(sides):
        if deal.key not in known:
            known.add(deal.key)
            yield deal


def _all(sides: Sides) -> Iterator[MadeUp]:
    match sides.name:
        case required_data.NAME:
            yield from _filled_in(sides.fields)
        case feasibility.NAME:
            yield from _technical(sides)
        case capacity.NAME:
            yield from capacity_corners(sides.was, sides.now, _several(sides))
        case name if name == AUTHORITY:
            yield from _on_rows(sides, _tells(sides))
            yield from _sold(sides)
        case _:
            yield from _sold(sides)


def _filled_in(fields: Mapping[str, Field]) -> Iterator[MadeUp]:
    """Yield a deal with everything filled in, then with one thing missing or written in another way."""
    whole = {name: filled(field)[0] for name, field in fields.items()}
    yield MadeUp(whole, told=())
    for name, field in fields.items():
        for value in (*not_filled(field), *filled(field)):
            yield MadeUp({**whole, name: value}, told=(name,))


def _on_rows(sides: Sides, tells: Tells) -> Iterator[MadeUp]:
    for row in sides.rows:
        base = MadeUp({name: _fitting(row, name, tells[name]) for name in sides.fields})
        yield base
        yield from _varied(base, tells)


def _varied(base: MadeUp, tells: Tells) -> Iterator[MadeUp]:
    for name, several in tells.items():
        yield from (replace(base, values={**base.values, name: value}) for value in several)


def _technical(sides: Sides) -> Iterator[MadeUp]:
    """Yield deals on the rows of the feasibility table, without one answer, with what goes together, and with
    a start that is just late enough."""
    tells = _tells(sides)
    products = [str(name) for name in telling([cell for row in sides.rows for cell in row], _PRODUCT)]
    bases = [_case(sides, row, tells, products) for row in sides.rows]
    for base in bases:
        yield base
        yield from _varied(base, tells)
        for name in sides.fields:
            known = (one for one in base.values if one != name and base.values[one] is not None)
            yield replace(base, values={**base.values, name: None}, told=(*known, name))
        yield from (replace(base, lines=(line(name),)) for name in products)
    tried = (one for base in bases for one in (base, *_varied(base, tells)))
    plain = next((one for one in tried if sides.was.answer(one) == CLEAR), MadeUp(_late(sides)))
    yield from _together(sides, plain)
    yield from _early(sides, plain)


def _case(sides: Sides, row: Sequence[Cell], tells: Tells, products: Sequence[Value]) -> MadeUp:
    """Return a deal that the row is about, and that starts late enough."""
    values = {name: _fitting(row, name, tells[name]) for name in sides.fields} | _late(sides)
    named = any(cell.field == _PRODUCT.name for cell in row)
    return MadeUp(values, (line(str(_fitting(row, _PRODUCT.name, products))),) if named else ())


def _together(sides: Sides, plain: MadeUp) -> Iterator[MadeUp]:
    for product in _several(sides):
        beside = tuple(dict.fromkeys((*product.requires, *product.excludes)))
        for count in range(len(beside) + 1) if beside else ():
            yield replace(plain, lines=tuple(line(name) for name in (product.id, *beside[:count])))
        yield from (replace(plain, lines=(line(product.id), line(name))) for name in beside)


def _early(sides: Sides, plain: MadeUp) -> Iterator[MadeUp]:
    starts = {one.start for one in sides.offerings if one.start}
    general = {one.lead_days for one in sides.offerings if one.lead_days}
    for name in starts:
        for days in sorted(general):
            yield from (replace(plain, values={**plain.values, name: day}) for day in _around(days))
        for product in _several(sides):
            for day in _around(product.lead_days) if product.lead_days else ():
                yield MadeUp({**plain.values, name: day}, (line(product.id),))


def _around(days: int) -> tuple[Value, ...]:
    return TODAY + timedelta(days=days), TODAY + timedelta(days=days - 1)


def _late(sides: Sides) -> dict[str, Value]:
    """Return a start that is early enough for nothing that is sold."""
    leads = [one.lead_days or 0 for one in _several(sides)] + [one.lead_days or 0 for one in sides.offerings]
    day = TODAY + timedelta(days=max(leads, default=0))
    return {one.start: day for one in sides.offerings if one.start and max(leads, default=0)}


def _sold(sides: Sides) -> Iterator[MadeUp]:
    """Yield deals with a line of each product that is not sold as before, at the prices that matter, and with
    each term that is not standard as before: their discount and the like are computed, not given."""
    if sides.offerings[0] == sides.offerings[1]:
        return
    tells = {name: several for name, several in _tells(sides).items() if not _computed(sides, name)}
    bases = dict.fromkeys(
        tuple((name, _fitting(row, name, tells[name])) for name in tells) for row in sides.rows
    )
    for base in bases or {(): None}:
        for lines in _changed_lines(sides):
            yield MadeUp(dict(base), lines)
        for name, value in _changed_terms(sides):
            yield MadeUp({**dict(base), name: value}, next(_changed_lines(sides), ()))


def _computed(sides: Sides, name: str) -> bool:
    return sides.fields[name].home is Home.DERIVED


def _changed_lines(sides: Sides) -> Iterator[tuple[LineItem, ...]]:
    old, new = ({one.id: one for one in offering.products} for offering in sides.offerings)
    differ = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    for name in differ[:_MOST_PRODUCTS]:
        both = [one for one in (old.get(name), new.get(name)) if one is not None]
        prices = {price for one in both for price in _prices(one)}
        dearest = sorted(prices, key=lambda price: -price if price is not None else 0)
        yield from ((line(both[-1].label, price),) for price in dearest)


def _prices(product: Product) -> Iterator[Decimal | None]:
    if product.list_price is None:
        yield None
        return
    yield product.list_price
    if product.discount is not None:
        yield (product.list_price * (100 - product.discount) / 100).quantize(Decimal("0.01"))


def _changed_terms(sides: Sides) -> Iterator[tuple[str, Value]]:
    old, new = ({one.field: one.standard for one in offering.terms} for offering in sides.offerings)
    for name in dict.fromkeys((*old, *new)):
        cells = [cell for cell in (old.get(name), new.get(name)) if cell is not None]
        if len({cell.text for cell in cells}) > 1 or len(cells) == 1:
            field = sides.now.policy.fields.get(name) or sides.was.policy.fields[name]
            yield from ((name, value) for value in telling(cells, field))


def _several(sides: Sides) -> tuple[Product, ...]:
    """Return the products of both versions that are not sold as before; all of them is too many to try."""
    old, new = ({one.id: one for one in offering.products} for offering in sides.offerings)
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return tuple(one for name in names[:_MOST_PRODUCTS] for one in (old.get(name), new.get(name)) if one)


def _tells(sides: Sides) -> dict[str, tuple[Value, ...]]:
    cells = [cell for row in sides.rows for cell in row]
    return {name: telling(cells, field) for name, field in sides.fields.items()}


def _fitting(row: Sequence[Cell], name: str, tells: Sequence[Value]) -> Value:
    """Return the mildest telling value that the row's cell takes."""
    cell = next((one for one in row if one.field == name and not one.any), None)
    return next((value for value in tells if cell is None or cell.test(value)), None)
