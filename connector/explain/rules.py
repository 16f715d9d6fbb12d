"""The policy in words: what each gate wants, and each row of its matrices as a sentence."""

import re
from collections.abc import Iterator
from typing import assert_never

from connector import values
from connector.policy.model import (
    Capacity,
    Cell,
    Check,
    Deviations,
    Feasibility,
    Field,
    Gate,
    HitPolicy,
    Matrix,
    Mode,
    Policy,
    RequiredData,
    Row,
    Ruling,
)

_RANGE = re.compile(r"([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])")
_COMPARED = (("<=", "at most "), (">=", "at least "), ("<", "under "), (">", "over "))
_MODES = {
    Mode.OBSERVE: "only watches",
    Mode.FLAG: "shows and asks, and holds nothing up",
    Mode.BLOCK: "holds a deal until it is clear",
}


def in_words(policy: Policy, gate: str | None = None) -> Iterator[str]:
    """Yield lines on every gate, or on one of them; a matrix of several gates is told at each."""
    for one in policy.gates:
        if gate in {None, one.id}:
            yield from _gate(one, policy)


def _gate(gate: Gate, policy: Policy) -> Iterator[str]:
    scope = "".join(
        f", only where {policy.fields[name].label} is {values.listing(sorted(allowed), 'or')}"
        for name, allowed in gate.scope.allowed
    )
    yield f"{gate.stage} ({gate.pipeline}): {_MODES[gate.mode]}{scope}.  [{gate.where}]"
    for check in policy.checklists[gate.checklist].checks if gate.checklist else ():
        yield f"  {_check(check, policy)}"
    for name in gate.matrices:
        yield from _matrix(policy.matrices[name], policy)


def _check(check: Check, policy: Policy) -> str:
    match check:
        case RequiredData():
            labels = values.listing([policy.fields[one.field].label for one in check.fields])
            to = check.unknown_goes_to
            unknown = f' "Unknown, because ..." goes to {policy.roles[to].label}.' if to else ""
            return f"Filled in: {labels}.{unknown}"
        case Feasibility():
            return f"Feasible: {values.counted(len(check.rows), 'rule')}."
        case Capacity():
            return f"The people are there from {policy.fields[check.start].label} on."
        case Deviations():
            return "The distance from the standard offering is measured."
        case _:
            assert_never(check)


def _matrix(matrix: Matrix, policy: Policy) -> Iterator[str]:
    how = "one row decides" if matrix.hit is HitPolicy.UNIQUE else "of each chain the highest role decides"
    yield f"  {matrix.id}: {how}.  [{matrix.where}]"
    for row in matrix.rows:
        yield f"    {row.id}: {row_in_words(row, policy)}.  [{row.where}]"


def row_in_words(row: Row, policy: Policy) -> str:
    """Say one row: "discount over 10 % up to 20 %: Operations decides"."""
    tests = [cell_in_words(cell, policy.fields[cell.field]) for cell in row.cells if not cell.any]
    return f"{values.listing(tests) or 'every deal'}: {_ruling(row, policy)}"


def _ruling(row: Row, policy: Policy) -> str:
    """Say who decides, and who may stop it beside."""
    stops = values.listing([policy.roles[name].label for name in row.veto], "or")
    hours = f" within {values.counted(row.veto_within, 'hour')}" if row.veto_within is not None else ""
    veto = f", {stops} may stop it{hours}" if stops else ""
    rises = {None: "", 0: ", and the role above at once"}
    later = f", after {values.counted(row.rises or 0, 'hour')} the role above too"
    return f"{_decides(row, policy)}{rises.get(row.rises, later)}{veto}"


def _decides(row: Row, policy: Policy) -> str:
    roles = [policy.roles[name].label for name in row.roles]
    match row.ruling:
        case Ruling.SALES:
            return "Sales decides"
        case Ruling.SIGN_OFF if row.attest:
            own = " or the deal's owner" if row.own else ""
            return f'{values.listing(roles)}{own} confirms "{row.attest}"'
        case Ruling.SIGN_OFF if row.quorum == 1 and len(roles) > 1:
            return f"{values.listing(roles, 'or')} decides"
        case Ruling.SIGN_OFF if row.quorum is not None and row.quorum < len(roles):
            return f"{row.quorum} of {values.listing(roles)} decide"
        case Ruling.SIGN_OFF:
            order = ", one after the other" if row.in_order else ""
            return f"{values.listing(roles)} {'decides' if len(roles) == 1 else 'decide'}{order}"
        case Ruling.NOTIFY:
            return f"Sales decides, {values.listing(roles)} {'is' if len(roles) == 1 else 'are'} told"
        case Ruling.FORBIDDEN:
            return f"not allowed. {row.text}".rstrip(" .")
        case Ruling.VETO | Ruling.UNKNOWN:
            return "not known"
        case _:
            assert_never(row.ruling)


def cell_in_words(cell: Cell, field: Field) -> str:
    """Say one test: "discount at most 10%"."""
    body = cell.text.strip()
    negated = re.fullmatch(r"not\s*\((.*)\)", body, re.IGNORECASE)
    said = _tests(negated[1] if negated else body, words=bool(cell.words))
    return f"{field.label} {'not ' if negated else ''}{said}"


def _tests(text: str, *, words: bool) -> str:
    if words:
        return values.listing([word.strip() for word in text.split(",")], "or")
    parts = re.split(r",\s+(?![^\[(]*[\])])", text)
    return values.listing([_test(part.strip()) for part in parts], "or")


def _test(text: str) -> str:
    found = _RANGE.fullmatch(text)
    if found:
        low = "from " if found[1] == "[" else "over "
        high = " up to " if found[4] == "]" else " to under "
        return f"{low}{found[2]}{high}{found[3]}"
    for sign, said in _COMPARED:
        if text.startswith(sign):
            return said + text.removeprefix(sign).strip()
    return text
