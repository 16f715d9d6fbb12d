"""Why somebody must decide, as the rep may read it: what is hidden from reps (a margin) stays out."""

from dataclasses import replace

from connector import reasons, texts
from connector.checks.derived import currency_of
from connector.policy.clauses import named
from connector.policy.model import Policy, Row, Ruling
from connector.signoffs.ground import Ground
from connector.verdicts import Need


def for_rep(need: Need, ground: Ground) -> str:
    """Return the need's reason without the values of hidden fields."""
    if need.fact:
        return need.why
    policy = ground.policy
    hidden = policy.vocabulary.hidden.intersection(need.seen)
    if not hidden:
        return need.why
    rows = _rows(need, policy)
    if need.ruling is not Ruling.UNKNOWN and not _names(rows, hidden):
        return need.why
    shown = tuple(
        replace(row, cells=tuple(cell for cell in row.cells if cell.field not in hidden)) for row in rows
    )
    if need.ruling is Ruling.UNKNOWN or not any(row.cells for row in shown):
        return texts.held_by_figures()
    lever = policy.fields.get(need.lever or "")
    currency = currency_of(ground.deal, policy)
    return reasons.why(named(shown, policy.fields), need.seen, currency, lever=lever, limit=need.limit)


def _rows(need: Need, policy: Policy) -> tuple[Row, ...]:
    matrix = policy.matrices.get(need.matrix)
    ids = need.row.split("+")
    return tuple(row for row in matrix.rows if row.id in ids) if matrix else ()


def _names(rows: tuple[Row, ...], hidden: frozenset[str]) -> bool:
    return any(cell.field in hidden for row in rows for cell in row.cells)
