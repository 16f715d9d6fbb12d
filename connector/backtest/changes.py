"""Changes of an authority matrix that leave less to the top: a limit moved, or a row given away."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from connector import values
from connector.policy.cells import Range, compile_cell
from connector.policy.limits import Edge, edges, moved, written
from connector.policy.model import FieldType, Matrix, Policy, Role, Row, Ruling

AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that is moved from where it is, in every row that names it."""

    edge: Edge
    to: Decimal


@dataclass(frozen=True, slots=True)
class Given:
    """A row that `role` decides from now on: for deals up to an amount, or, without one, for all."""

    matrix: str
    row: str
    role: str
    up_to: Decimal | None = None
    currency: str | None = None


Change = Limit | Given


def limits(policy: Policy) -> Iterator[Edge]:
    """Yield the limits from which on somebody at the top decides, each once."""
    found = (edge for matrix, row in _at_the_top(policy) for edge in edges(matrix, row, dict(policy.fields)))
    seen: set[tuple[str, str, Decimal, str | None]] = set()
    for edge in found:
        key = (edge.matrix, edge.field, edge.at, edge.currency)
        if key not in seen:
            seen.add(key)
            yield edge


def gifts(policy: Policy) -> Iterator[Given]:
    """Yield the rows that the top decides alone and the level below it could."""
    for matrix, row in _at_the_top(policy):
        below = _below(policy.roles[row.roles[0]], policy)
        if len(row.roles) == 1 and below is not None:
            yield Given(matrix.id, row.id, below.id)


def may_be_split(gift: Given, policy: Policy) -> bool:
    """Say whether the row can be given away up to an amount: it names none yet."""
    row = next(one for one in policy.matrices[gift.matrix].rows if one.id == gift.row)
    field = policy.fields.get(AMOUNT)
    known = field is not None and field.type is FieldType.MONEY and policy.currency is not None
    return known and all(cell.field != AMOUNT for cell in row.cells)


def applied(change: Change, policy: Policy) -> Policy | None:
    """Return the policy with the change, None where it would leave a row that holds for nothing."""
    name = change.edge.matrix if isinstance(change, Limit) else change.matrix
    before = policy.matrices[name]
    if isinstance(change, Limit):
        after = moved(before, change.edge, change.to, dict(policy.fields))
    else:
        after = _given(before, change, policy)
    return None if after is None else replace(policy, matrices={**policy.matrices, name: after})


def words(change: Change, policy: Policy) -> str:
    """Say what to do: "raise discount in commercial from 20 % to 25 %"."""
    if isinstance(change, Given):
        label = policy.roles[change.role].label
        most = "" if change.up_to is None else f" up to {values.money(change.up_to, change.currency)}"
        return f"let {label} decide {change.matrix}/{change.row}{most}"
    field, edge = policy.fields[change.edge.field], change.edge
    before, after = (values.of_field(field, value, edge.currency) for value in (edge.at, change.to))
    way = "raise" if change.to > edge.at else "lower"
    return f"{way} {field.label} in {edge.matrix} from {before} to {after}"


def _at_the_top(policy: Policy) -> Iterator[tuple[Matrix, Row]]:
    for matrix in policy.matrices.values():
        for row in matrix.rows:
            signs = row.ruling is Ruling.SIGN_OFF and not row.attest
            if signs and any(policy.roles[name].top for name in row.roles):
                yield matrix, row


def _below(role: Role, policy: Policy) -> Role | None:
    lower = [
        one
        for one in policy.roles.values()
        if one.chain == role.chain and one.level < role.level and not one.top
    ]
    return max(lower, key=lambda one: one.level, default=None)


def _given(matrix: Matrix, gift: Given, policy: Policy) -> Matrix:
    rows: list[Row] = []
    for row in matrix.rows:
        if row.id != gift.row:
            rows.append(row)
        elif gift.up_to is None:
            rows.append(replace(row, roles=(gift.role,)))
        else:
            rows += _split(row, gift, policy)
    inputs = matrix.inputs if gift.up_to is None else tuple(dict.fromkeys((*matrix.inputs, AMOUNT)))
    return replace(matrix, rows=tuple(rows), inputs=inputs)


def _split(row: Row, gift: Given, policy: Policy) -> Iterator[Row]:
    """Yield the row for deals up to the amount, which is given away, and for those above it."""
    field = policy.fields[AMOUNT]
    parts = (
        (f"{row.id}-below", (gift.role,), Range(None, gift.up_to, low_shut=False, high_shut=True)),
        (row.id, row.roles, Range(gift.up_to, None, low_shut=False, high_shut=False)),
    )
    for name, roles, amounts in parts:
        cell = compile_cell(written(amounts, field.type, gift.currency), field)
        yield replace(row, id=name, roles=roles, cells=(*row.cells, cell))
