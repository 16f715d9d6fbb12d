"""All deals that one matrix can be asked about, in one currency: the axes, and each row as a box."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from connector.deals import Value
from connector.policy.exchange import factors
from connector.policy.model import Cell, Gate, Matrix, Policy, Role, Row, Ruling, Scope
from connector.policy.tables import beside, strongest
from connector.proof.axes import Axis, axis
from connector.proof.boxes import Box, Budget, meet, uncovered


@dataclass(frozen=True, slots=True)
class Space:
    """`rows` are those that can match. `foreign` are rows with a limit in another currency: without a rate
    nobody knows whether they match inside their box. `apart`: no deal matches two rows. `full` are all deals
    that come to the matrix: those in the scope of a gate."""

    matrix: Matrix
    roles: Mapping[str, Role]
    currency: str | None
    axes: tuple[Axis, ...]
    rows: tuple[tuple[Row, Box], ...]
    foreign: tuple[tuple[Row, Box], ...]
    apart: bool
    factors: Mapping[str, Decimal]
    full: Box

    def values(self, point: Box) -> dict[str, Value]:
        """Return a deal's values at a point; an input that no row tests is empty."""
        told: dict[str, Value] = dict.fromkeys(self.matrix.inputs)
        told.update((one.field.name, one.value(piece)) for one, piece in zip(self.axes, point, strict=True))
        return told

    def as_bad(self, box: Box) -> Box:
        """Return the deals that are in the box or worse than one in it."""
        return tuple(one.as_bad(pieces) for one, pieces in zip(self.axes, box, strict=True))

    def no_worse(self, box: Box, point: Box) -> Box:
        """Return the deal of the box that is nearest to the point without being worse."""
        placed = zip(self.axes, box, point, strict=True)
        return tuple(one.no_worse(pieces, piece) for one, pieces, piece in placed)


def spaces(matrix: Matrix, policy: Policy, gates: Iterable[Gate]) -> Iterator[Space]:
    """Yield the matrix in each currency that its limits, or else the policy's deals, are in, and for each
    scope of the gates that use it; for all deals where none does."""
    scopes = dict.fromkeys(gate.scope for gate in gates) or {Scope(): None}
    if Scope() in scopes:
        scopes = {Scope(): None}
    named = {cell.currency for row in matrix.rows for cell in row.cells if cell.currency}
    own = (policy.currency,) if policy.currency else ()
    for currency in sorted({*named, *own}) if named else (None,):
        for scope in scopes:
            yield _space(matrix, policy, currency, scope)


def _space(matrix: Matrix, policy: Policy, currency: str | None, scope: Scope) -> Space:
    rates = factors(currency, policy)
    turned = [
        replace(row, cells=tuple(_turned(cell, currency, rates) for cell in row.cells)) for row in matrix.rows
    ]
    cells = [cell for row in turned for cell in row.cells if not cell.any]
    mine = [cell for cell in cells if cell.currency in {None, currency}]
    names = dict.fromkeys(cell.field for cell in mine)
    seen = dict(scope.allowed)
    axes = tuple(
        axis(policy.fields[name], (one for one in mine if one.field == name), seen.get(name, ()))
        for name in names
    )
    full = _scoped(scope, axes)
    boxes = [(row, _box(one, axes, currency, full)) for row, one in zip(matrix.rows, turned, strict=True)]
    abroad = {one.id for one in turned if any(not _is_mine(cell.currency, currency) for cell in one.cells)}
    real = [(row, box) for row, box in boxes if all(box)]
    rows = tuple((row, box) for row, box in real if row.id not in abroad)
    foreign = tuple((row, box) for row, box in real if row.id in abroad)
    apart = not foreign and all(meet(one, other) is None for (_, one), (_, other) in combinations(rows, 2))
    return Space(matrix, policy.roles, currency, axes, rows, foreign, apart, rates, full)


def _scoped(scope: Scope, axes: tuple[Axis, ...]) -> Box:
    """Return the deals that a gate looks at."""
    allowed = {name: {word.casefold() for word in words} for name, words in scope.allowed}
    return tuple(_within(allowed.get(one.field.name), one) for one in axes)


def _within(words: set[str] | None, axis: Axis) -> int:
    if words is None:
        return axis.full
    inside = (piece.casefold() in words for piece in axis.named)
    return sum(1 << at for at, one in enumerate(inside) if one)


def _turned(cell: Cell, currency: str | None, factors: Mapping[str, Decimal]) -> Cell:
    """Return a limit in another currency as one in this, where a rate is known."""
    factor = factors.get(cell.currency or "")
    if factor is None:
        return cell
    limits = tuple(limit / factor if isinstance(limit, Decimal) else limit for limit in cell.breakpoints)
    test = cell.test

    def turned(value: Value) -> bool:
        return test(value * factor if isinstance(value, Decimal) else value)

    return replace(cell, test=turned, breakpoints=limits, currency=currency)


def _is_mine(limit: str | None, currency: str | None) -> bool:
    return limit is None or limit == currency


def _box(row: Row, axes: tuple[Axis, ...], currency: str | None, full: Box) -> Box:
    box = {one.field.name: pieces for one, pieces in zip(axes, full, strict=True)}
    for cell in row.cells:
        if not cell.any and _is_mine(cell.currency, currency):
            known = next(one for one in axes if one.field.name == cell.field)
            box[cell.field] &= known.where(cell)
    return tuple(box.values())


def voices(row: Row) -> tuple[Row, ...]:
    """Return the row once for each role that it names: each may speak where another is silent."""
    return tuple(replace(row, roles=(role,)) for role in row.roles) or (row,)


def speaks(row: Row, beside: Row, roles: Mapping[str, Role]) -> bool:
    """Say whether the row is part of the answer where another one matches too (design 1.11)."""
    return any(row in demand.rows for demand in strongest((row, beside), roles))


def joining(row: Row, box: Box, space: Space, budget: Budget) -> Box | None:
    """Return deals of the box of which the row alone wants that one signs in any case, or beside another: a
    higher role signs in the place of its own, and still by it."""
    for one in sorted(beside((row,), space.roles), key=str):
        covers = [other for known, other in space.rows if known.id != row.id and _wants(one, known, space)]
        found = uncovered(box, covers, budget)
        if found is not None:
            return found
    return None


def _wants(one: object, row: Row, space: Space) -> bool:
    return row.ruling is Ruling.FORBIDDEN or one in beside((row,), space.roles)
