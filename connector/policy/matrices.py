"""Build the authority matrices: rows of cells, each saying who decides."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.policy.cells import CellInvalid, compile_cell
from connector.policy.model import Cell, Field, FieldType, HitPolicy, Matrix, Row, Ruling
from connector.policy.problems import one_of, shown
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source

_RULINGS = {
    "decides": Ruling.SALES,
    "sign-off": Ruling.SIGN_OFF,
    "notify": Ruling.NOTIFY,
    "forbidden": Ruling.FORBIDDEN,
}
_WRITTEN = "`decides: sales`, `sign-off: ROLE`, `notify: ROLE` or `forbidden: WHY`"
_ROW_KEYS = ("id", *_RULINGS, "says")


@dataclass(frozen=True, slots=True)
class _Table:
    """What the rows of one matrix are read against. `currency` is that of amounts that name none."""

    source: Source
    fields: Mapping[str, Field]
    currency: str | None
    inputs: tuple[str, ...]


def build(
    source: Source, loaded: Mapping[str, Loaded], fields: Mapping[str, Field], currency: str | None
) -> dict[str, Matrix]:
    """Return the matrices by id."""
    found: dict[str, Matrix] = {}
    for name, given in loaded.items():
        path: Path = ("authority", name)
        if not given or "hit" not in given or "inputs" not in given or source.broken((*path, "inputs")):
            continue
        table = _Table(source, fields, currency, tuple(dict.fromkeys(given["inputs"])))
        _check_inputs(table, (*path, "inputs"))
        rows = _rows(table, (*path, "rows"), given.get("rows") or [])
        found[name] = Matrix(name, HitPolicy(given["hit"]), table.inputs, rows, source.where(path))
    return found


def _check_inputs(table: _Table, path: Path) -> None:
    known = table.fields.keys() | set(table.source.names("fields"))
    for name in table.inputs:
        if not table.source.refers(path, name, sorted(known), "field of this policy"):
            continue
        if name in table.fields and table.fields[name].type is FieldType.PERSON:
            table.source.problem(path, f'found "{name}", a person; a matrix cannot test people')


def _rows(table: _Table, path: Path, loaded: list[Loaded]) -> tuple[Row, ...]:
    rows: dict[str, Row] = {}
    for place, given in enumerate(loaded):
        where: Path = (*path, place)
        if table.source.broken(where) or not given:
            continue
        row = _row(table, where, given)
        if row.id in rows:
            message = f'found "{row.id}" again; it is the row of {rows[row.id].where}'
            table.source.problem((*where, "id"), message)
        rows[row.id] = row
    return tuple(rows.values())


def _row(table: _Table, path: Path, given: Loaded) -> Row:
    ruling, roles = _ruling(table.source, path, given)
    names = [name for name in dict.fromkeys((*table.inputs, *sorted(given))) if name in given]
    cells = [_cell(table, (*path, name), name, given[name]) for name in names if name not in _ROW_KEYS]
    kept = tuple(cell for cell in cells if cell is not None and not cell.any)
    identity: str = given["id"]
    text: str = given.get("forbidden") or given.get("says") or ""
    signers = given.get("sign-off") or {}
    quorum, in_order = signers.get("quorum"), signers.get("in_order", False)
    where = table.source.where(path)
    return Row(identity, kept, ruling, roles, where, text, quorum=quorum, in_order=in_order)


def _ruling(source: Source, path: Path, given: Loaded) -> tuple[Ruling, tuple[str, ...]]:
    said = [key for key in _RULINGS if key in given]
    if len(said) != 1:
        found = " and ".join(said) or "nothing"
        source.problem(path, f"found {found} to say who decides; needed: exactly one of {_WRITTEN}")
        return Ruling.FORBIDDEN, ()
    key = said[0]
    named = given[key]["roles"] if key == "sign-off" else given[key] if key == "notify" else ()
    roles = tuple(dict.fromkeys(named))
    for name in roles:
        source.refers((*path, key), name, source.names("roles"), "role of this policy")
    if "forbidden" in given and "says" in given:
        source.problem((*path, "says"), "found `says` beside `forbidden`, which already says why")
    return _RULINGS[key], roles


def _cell(table: _Table, path: Path, name: str, written: object) -> Cell | None:
    if name not in table.inputs:
        allowed = one_of(name, [*table.inputs, *_ROW_KEYS])
        table.source.problem(path, f"unknown key; allowed: {allowed}")
        return None
    if name not in table.fields:
        return None  # noted where the inputs are named
    try:
        return compile_cell(_written(written), table.fields[name], table.currency)
    except CellInvalid as error:
        table.source.problem(path, f"found {shown(written)}; allowed: {error}")
        return None


def _written(cell: object) -> str | list[str]:
    if isinstance(cell, str) and cell.strip():
        return cell
    if isinstance(cell, list) and cell and all(isinstance(word, str) and word.strip() for word in cell):
        return cell
    raise CellInvalid("one test as <= 10%, or - for any value")
