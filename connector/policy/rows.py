"""The cells of one row of any decision table, compiled for the fields that the table names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connector.policy.cell import Cell
from connector.policy.cells import CellInvalid, compile_cell
from connector.policy.problems import nearest, one_of, shown
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source
from connector.policy.vocabulary import Field, FieldType


@dataclass(frozen=True, slots=True)
class Table:
    """What the rows of one table are read against. `currency` is that of amounts that name none; `keys` are
    the keys of a row that are no cells."""

    source: Source
    fields: Mapping[str, Field]
    currency: str | None
    inputs: tuple[str, ...]
    keys: tuple[str, ...]


def check_inputs(table: Table, path: Path) -> None:
    """Note inputs that are no field of the policy, or people."""
    check_names(table, path, table.inputs)


def check_names(table: Table, path: Path, names: Iterable[str]) -> None:
    """Note names that are no field of the policy, or people."""
    known = table.fields.keys() | set(table.source.names("fields"))
    for name in names:
        if not table.source.refers(path, name, sorted(known), "field of this policy"):
            continue
        if name in table.fields and table.fields[name].type is FieldType.PERSON:
            table.source.problem(path, f'found "{name}", a person; a table cannot test people')


def cells(table: Table, path: Path, given: Loaded) -> tuple[Cell, ...]:
    """Return the row's cells in the order of the inputs, those that any value satisfies left out."""
    # marshmallow hands unknown keys over in the order of a set: another one in each process
    names = [name for name in dict.fromkeys((*table.inputs, *sorted(given))) if name in given]
    found = (_cell(table, (*path, name), name, given[name]) for name in names if name not in table.keys)
    return tuple(cell for cell in found if cell is not None and not cell.any)


def check_cells(table: Table, path: Path) -> None:
    """Note what is wrong with the cells of a row that is no row for another reason: all is told at once."""
    written = table.source.at(path)
    for name, cell in written.items() if isinstance(written, dict) else ():
        if name not in table.keys and not table.source.broken((*path, name)):
            _cell(table, (*path, name), name, cell)


def _cell(table: Table, path: Path, name: str, written: object) -> Cell | None:
    if name not in table.inputs and name in _meant(table):
        return None  # the misspelt input is noted; the row is right
    if name not in table.inputs:
        allowed = one_of(name, [*table.inputs, *table.keys])
        table.source.problem(path, f"unknown key; allowed: {allowed}")
        return None
    if name not in table.fields:
        return None  # noted where the inputs are named
    return one_cell(table.source, path, written, table.fields[name], table.currency)


def _meant(table: Table) -> set[str | None]:
    """Return the fields that misspelt inputs were meant to be."""
    return {nearest(name, table.fields.keys()) for name in table.inputs if name not in table.fields}


def one_cell(source: Source, path: Path, written: object, field: Field, currency: str | None) -> Cell | None:
    """Compile one cell; note a problem and return None where it cannot be read."""
    try:
        return compile_cell(_written(written), field, currency)
    except CellInvalid as error:
        source.problem(path, f"found {shown(written)}; allowed: {error}")
        return None


def _written(cell: object) -> str | list[str]:
    if isinstance(cell, str) and cell.strip():
        return cell
    if isinstance(cell, list) and cell and all(isinstance(word, str) and word.strip() for word in cell):
        return cell
    raise CellInvalid("one test as <= 10%, or - for any value")
