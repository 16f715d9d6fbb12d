"""What Sales decides alone while somebody else decides on the rest (ADR 280)."""

from collections.abc import Iterable

from connector.policy.model import Policy, Row, Ruling
from connector.policy.reads import with_dates
from connector.verdicts import Need


def rows_of(need: Need, policy: Policy) -> tuple[Row, ...]:
    """Return the rows of the policy that a need stands for; none for a finding."""
    matrix = policy.matrices.get(need.matrix)
    ids = need.row.split("+")
    return tuple(row for row in matrix.rows if row.id in ids) if matrix else ()


def left_to_sales(needs: Iterable[Need], chain: str, policy: Policy) -> tuple[Need, ...]:
    """Return what the matrices that ask this chain leave to Sales for the deal as it is now."""
    free = [one for one in needs if one.ruling is Ruling.SALES]
    return tuple([one for one in free if chain in policy.tables[one.matrix].chains])


def free_inputs(left: Iterable[Need], asking: Iterable[Need], policy: Policy) -> frozenset[str]:
    """Return the inputs that rows test by which Sales decides alone, and that nothing tests which asks."""
    conceded = with_dates((name for need in left for name in _tested(need, policy)), policy)
    asked = with_dates((name for need in asking for name in _tested(need, policy)), policy)
    return frozenset(conceded).difference(asked)


def _tested(need: Need, policy: Policy) -> Iterable[str]:
    if need.matrix not in policy.matrices:
        return need.seen  # a finding names exactly what it read
    return (cell.field for row in rows_of(need, policy) for cell in row.cells if not cell.any)
