"""Why somebody must decide, as the rep may read it: what is hidden from reps (a margin) stays out."""

from dataclasses import replace

from connector import reasons, texts, values
from connector.checks.derived import currency_of
from connector.checks.lines import strangers
from connector.deals import Unreadable
from connector.policy.clauses import named
from connector.policy.model import Policy, Row, Ruling
from connector.signoffs.alone import rows_of
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
    if need.ruling is Ruling.UNKNOWN:
        return _to_fill(need, hidden, policy)
    rows = rows_of(need, policy)
    if not _names(rows, hidden):
        return need.why
    shown = tuple(
        replace(row, cells=tuple(cell for cell in row.cells if cell.field not in hidden)) for row in rows
    )
    if not any(row.cells for row in shown):
        return texts.held_by_figures()
    lever = policy.fields.get(need.lever or "")
    currency = currency_of(ground.deal, policy)
    tested = named(shown, policy.fields)
    strange = strangers(ground.deal, policy)
    return reasons.why(tested, shown, need.seen, currency, lever=lever, limit=need.limit, strange=strange)


def _to_fill(need: Need, hidden: frozenset[str], policy: Policy) -> str:
    """Say which of the inputs that are not known the rep has to fill in; those hidden are none of them."""
    open_ = [(policy.fields[name], need.seen.get(name)) for name in need.missing if name not in hidden]
    said = [
        reasons.lacking(field, value)
        for field, value in open_
        if value is None or isinstance(value, Unreadable)
    ]
    return values.listing(said) or texts.held_by_figures()


def _names(rows: tuple[Row, ...], hidden: frozenset[str]) -> bool:
    return any(cell.field in hidden for row in rows for cell in row.cells)
