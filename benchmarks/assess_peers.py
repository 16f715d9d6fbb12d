"""The same conditions and rows in the words of three other rule engines, each written as is best for it.

What a peer gets is a flat mapping of known values: none of them has a word for what is not known, and none
says why. Each answers with the ids of the rows that hold.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import cel
import rule_engine
import zen

from connector.deals import Value
from connector.policy.model import Cell, HitPolicy, Matrix, Row

Given = dict[str, Any]
Ids = frozenset[str]
_RANGE = re.compile(r"([\[(])(.+)\.\.(.+)([\])])")
_COMPARED = re.compile(r"(<=|>=|<|>) (.+)")
_NOT = re.compile(r"not\((.+)\)")


@dataclass(frozen=True, slots=True)
class Peer:
    """Another engine with the rules compiled: `decide` is what is measured."""

    name: str
    decide: Callable[[Given], Any]
    ids: Callable[[Any], Ids]


@dataclass(frozen=True, slots=True)
class Words:
    """How a language writes "and" and "not"."""

    both: str
    negation: str


def peers(matrices: Sequence[Matrix]) -> tuple[Peer, ...]:
    """Return the three engines, each with all rows of these matrices."""
    rows = [row for matrix in matrices for row in matrix.rows]
    return _cel(rows), _zen(matrices), _rule_engine(rows)


def given(facts: Mapping[str, Value], names: Iterable[str]) -> Given:
    """Return the inputs as a peer takes them; numbers are floats."""
    values = {name: facts[name] for name in names}
    return {_name(name): _plain(value) for name, value in values.items()}


def _plain(value: Value) -> float | str:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):
        return value
    raise TypeError(f"{value!r} has no counterpart in the peers")


def _cel(rows: Sequence[Row]) -> Peer:
    """One program that lists every row's answer: one call a deal."""
    program = cel.compile(_listed(rows, Words("&&", "!")))
    return Peer("common-expression-language", program.execute, lambda answers: _held(rows, answers))


def _rule_engine(rows: Sequence[Row]) -> Peer:
    """One rule that lists every row's answer."""
    context = rule_engine.Context(resolver=rule_engine.resolve_item)
    rule = rule_engine.Rule(_listed(rows, Words("and", "not ")), context=context)
    return Peer("rule-engine", rule.evaluate, lambda answers: _held(rows, answers))


def _zen(matrices: Sequence[Matrix]) -> Peer:
    """A decision with one table for each matrix, as its editor would save it."""
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(matrices)))

    def ids(told: Any) -> Ids:
        found = [told["result"][matrix.id] for matrix in matrices]
        rows = [row for one in found for row in (one if isinstance(one, list) else [one])]
        return frozenset(row["id"] for row in rows if row)

    return Peer("zen-engine", decision.evaluate, ids)


def _held(rows: Sequence[Row], answers: Iterable[object]) -> Ids:
    return frozenset(row.id for row, holds in zip(rows, answers, strict=True) if holds is True)


def _listed(rows: Iterable[Row], words: Words) -> str:
    return f"[{', '.join(_row(row, words) for row in rows)}]"


def _row(row: Row, words: Words) -> str:
    return f" {words.both} ".join(_test(cell, words) for cell in row.cells) or "true"


def _test(cell: Cell, words: Words) -> str:
    name = _name(cell.field)
    if cell.words:
        return f"{words.negation if _NOT.fullmatch(cell.text) else ''}({name} in {_names(cell)})"
    if found := _RANGE.fullmatch(cell.text):
        opens, low, high, closes = found.groups()
        above, below = ">=" if opens == "[" else ">", "<=" if closes == "]" else "<"
        return f"({name} {above} {_number(low)} {words.both} {name} {below} {_number(high)})"
    return f"({name} {_compared(cell)})"


def _compared(cell: Cell) -> str:
    found = _COMPARED.fullmatch(cell.text)
    if found is None:
        raise ValueError(f"{cell.text} has no counterpart in the peers")
    return f"{found[1]} {_number(found[2])}"


def _names(cell: Cell) -> str:
    inside = _NOT.fullmatch(cell.text)
    names = (inside[1] if inside else cell.text).split(", ")
    return f"[{', '.join(json.dumps(name) for name in names)}]"


def _number(text: str) -> str:
    return str(float(text.rstrip("%").replace(",", "")))


def _name(field: str) -> str:
    return field.replace("-", "_")


def _graph(matrices: Sequence[Matrix]) -> Mapping[str, object]:
    tables = [_table(matrix) for matrix in matrices]
    ends = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
        for matrix in matrices
        for one, other in (("in", matrix.id), (matrix.id, "out"))
    ]
    return {"nodes": [*ends, *tables], "edges": edges}


def _table(matrix: Matrix) -> Mapping[str, object]:
    """Write a matrix as a decision table; of a unique one only the first row that holds is wanted."""
    inputs = [{"id": _name(name), "name": name, "field": _name(name)} for name in matrix.inputs]
    content = {
        "hitPolicy": "first" if matrix.hit is HitPolicy.UNIQUE else "collect",
        "inputs": inputs,
        "outputs": [{"id": "id", "name": "id", "field": "id"}],
        "rules": [_rule(row, matrix.inputs) for row in matrix.rows],
        "outputPath": matrix.id,
        "passThrough": False,
    }
    return {"id": matrix.id, "name": matrix.id, "type": "decisionTableNode", "content": content}


def _rule(row: Row, inputs: Iterable[str]) -> Mapping[str, str]:
    cells = {cell.field: _unary(cell) for cell in row.cells}
    tests = {_name(name): cells.get(name, "") for name in inputs}
    return {"_id": row.id, **tests, "id": json.dumps(row.id)}


def _unary(cell: Cell) -> str:
    if cell.words:
        return f"{'not in' if _NOT.fullmatch(cell.text) else 'in'} {_names(cell)}"
    if found := _RANGE.fullmatch(cell.text):
        opens, low, high, closes = found.groups()
        return f"{opens}{_number(low)}..{_number(high)}{closes}"
    return _compared(cell)
