"""What the checks of a gate ask people, as rows like those of a matrix: for the proof of people enough."""

from collections.abc import Iterator
from typing import assert_never

from connector.policy.model import (
    Capacity,
    Cell,
    Check,
    Checklist,
    Deviations,
    Feasibility,
    Feasible,
    Policy,
    RequiredData,
    Row,
    Ruling,
)

_OF_CHECK = "check "  # no matrix is called so


def routed(checklist: Checklist | None, policy: Policy) -> Iterator[Row]:
    """Yield a row for each role to which a check may send a deal. Products are left out of account: some deal
    has them."""
    for check in checklist.checks if checklist else ():
        yield from _of(check, policy)


def _of(check: Check, policy: Policy) -> Iterator[Row]:
    match check:
        case RequiredData(unknown_goes_to=str(role)):
            yield _row("required-data/unknown-because", role, check.where)
        case Feasibility():
            yield from _feasibility(check, policy)
        case Capacity(role=str(role)):
            yield _row("capacity/full", role, check.where)
        case RequiredData() | Capacity() | Deviations():
            return
        case _:
            assert_never(check)


def _feasibility(check: Feasibility, policy: Policy) -> Iterator[Row]:
    for row in check.rows:
        if row.role is not None and row.answer not in {Feasible.YES, Feasible.NO}:
            yield _row(f"feasibility/{row.id}", row.role, row.where, row.cells)
    if check.role is None:
        return
    if check.otherwise not in {None, Feasible.YES, Feasible.NO}:
        yield _row("feasibility/otherwise", check.role, check.where)
    sold = policy.offering
    if sold.start and (sold.lead_days or any(product.lead_days for product in sold.products)):
        yield _row("feasibility/lead-time", check.role, check.where)


def is_routed(row: Row) -> bool:
    """Say whether the row is that of a check: not every deal that its cells match need meet it."""
    return row.id.startswith(_OF_CHECK)


def _row(name: str, role: str, where: str, cells: tuple[Cell, ...] = ()) -> Row:
    return Row(f"{_OF_CHECK}{name}", cells, Ruling.SIGN_OFF, (role,), where=where)
