"""A fault in words for whoever wrote the policy: what is wrong, the deal that shows it, what to do."""

from typing import assert_never

from connector import values
from connector.policy.model import Row
from connector.policy.problems import Problem
from connector.proof.faults import Fault, Kind


def problem(fault: Fault) -> Problem:
    """Return the fault with its place in the file."""
    where = fault.rows[0].where if fault.rows else fault.matrix.where
    file, _, line = where.rpartition(":")
    number = int(line) if line.isdigit() else 1
    return Problem(file or "policy", number, fault.path or f"authority.{fault.matrix.id}", sentence(fault))


def sentence(fault: Fault) -> str:
    """Say one fault."""
    deal = fault.witness.told if fault.witness else "a deal"
    match fault.kind:
        case Kind.NOBODY:
            return f"{deal} is decided by nobody; write a row for it"
        case Kind.NO_RATE:
            return _no_rate(fault, deal)
        case Kind.CONTRADICTION:
            rows = _rows(fault.rows)
            return f"{rows} both match {deal}, and `hit: unique` allows one; let them exclude each other"
        case Kind.UNREACHABLE:
            return f"no deal can match {_rows(fault.rows)}; change its cells or take it out"
        case Kind.SILENT:
            return _silent(fault, deal)
        case Kind.LESS:
            return _less(fault, deal)
        case Kind.FEW_HOLDERS | Kind.FEW_TOGETHER | Kind.NOBODY_ABOVE:
            return _of_people(fault, deal)
        case Kind.NOT_PROVED:
            return f"not proved: too many combinations; checked {fault.checked:,}. Split the matrix in two"
        case _:
            assert_never(fault.kind)


def _of_people(fault: Fault, deal: str) -> str:
    rows = _rows(fault.rows)
    if fault.kind is Kind.NOBODY_ABOVE:
        return (
            f"{rows}: `escalate` asks those above {fault.said}, and nobody else stands there; write a role"
            " with a higher `level`, or a `last-resort`, or take `escalate` out"
        )
    together = f" {'both' if len(fault.rows) == 2 else 'all'} match {deal}, and then"
    said = f"{together} {fault.said}" if fault.kind is Kind.FEW_TOGETHER else f": {fault.said}"
    return f"{rows}{said}: too few, since nobody signs for an own deal or twice"


def _no_rate(fault: Fault, deal: str) -> str:
    currency = (fault.witness.currency if fault.witness else None) or "no currency"
    said = deal if currency in deal else f"{deal} in {currency}"
    return (
        f"{said} is decided by nobody: the limit of {_rows(fault.rows)} is in another currency"
        " and no exchange rate is known; write a matrix for each currency"
    )


def _silent(fault: Fault, deal: str) -> str:
    row, *louder = fault.rows
    ask = "asks" if len(louder) == 1 else "ask"
    return (
        f"{_rows((row,))} never counts: wherever it matches, {_rows(tuple(louder))} {ask} for more, as of"
        f" {deal}; take it out or change its cells"
    )


def _less(fault: Fault, deal: str) -> str:
    lower, higher = fault.rows
    milder = fault.milder.told if fault.milder else "a better deal"
    return (
        f"a worse deal needs less: {deal} falls to {_rows((lower,))}, while {milder} falls to"
        f" {_rows((higher,))}; move the limits, or say `worse: neither` of a field that has no worse side"
    )


def _rows(rows: tuple[Row, ...]) -> str:
    said = values.listing([f"{row.id} ({row.where})" if row.where else row.id for row in rows])
    return f"row {said}" if len(rows) == 1 else f"rows {said}"
