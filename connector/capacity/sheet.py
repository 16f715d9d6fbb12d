"""The capacity sheet: CSV to snapshot and back. docs/capacity.md shows the format.

Cells are data and nothing else. Those that a spreadsheet would take for a formula are written with an
apostrophe in front, and read without it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import ValidationError

from connector.capacity.records import Commitment, Leave, Snapshot, Supply
from connector.capacity.sheet_schemas import COLUMNS, KINDS
from connector.errors import ConfigurationError
from connector.policy.problems import Problem, nearest, one_of, shown
from connector.policy.staff_schemas import WEEKDAYS

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_BYTES, _MOST_ROWS = 20_000_000, 100_000
_Row = Supply | Leave | Commitment | date


@dataclass(slots=True, eq=False)
class SheetInvalid(ConfigurationError):
    """The sheet cannot be used; `problems` holds every reason, in the order of the file."""

    reason: str = "capacity-invalid"
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Reading:
    """A sheet being read: the rows that are right, and all that is wrong."""

    file: str
    rows: list[_Row] = field(default_factory=list)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, column: str, message: str) -> None:
        self.problems.append(Problem(self.file, line, column, message))


def read_sheet(data: bytes, file: str, as_of: date) -> Snapshot:
    """Return the plan; raise SheetInvalid with every problem. `as_of` holds where no row says otherwise."""
    reading = _Reading(file)
    text = _text(data, reading)
    try:
        for line, cells in _lines(text, reading):
            _read_row(line, cells, reading)
    except csv.Error as error:
        reading.problem(1, "", f"cannot be read as CSV: {error}")
    if not reading.problems and not any(isinstance(one, Supply) for one in reading.rows):
        reading.problem(1, "", "holds no supply; needed: at least one row of kind supply")
    if reading.problems:
        ordered = tuple(sorted(reading.problems))
        raise SheetInvalid("\n".join(map(str, ordered)), problems=ordered)
    return _snapshot(reading.rows, as_of)


def write_sheet(snapshot: Snapshot) -> str:
    """Return the plan as CSV that `read_sheet` reads and that no spreadsheet executes."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow({"kind": "as-of", "from": snapshot.as_of})
    for row in _written(snapshot):
        writer.writerow({name: _harmless(str(cell)) for name, cell in row.items()})
    return out.getvalue()


def _text(data: bytes, reading: _Reading) -> str:
    if len(data) > _MOST_BYTES:
        reading.problem(1, "", f"is larger than {_MOST_BYTES // 1_000_000} MB")
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reading.problem(line, "", "not readable as UTF-8 text; save it as CSV UTF-8")
        return ""


def _lines(text: str, reading: _Reading) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield line number and cells by column; empty cells and empty lines are left out."""
    if reading.problems:
        return
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names = [_plain(name).casefold() for name in next(rows, [])]
    if not _is_head(names, reading):
        return
    names = _meant(names)
    for count, cells in enumerate(rows, start=1):
        if count > _MOST_ROWS:
            reading.problem(rows.line_num, "", f"has more than {_MOST_ROWS:,} rows")
            return
        filled = [_plain(cell) for cell in cells]
        if len(filled) > len(names) and any(filled[len(names) :]):
            reading.problem(rows.line_num, "", f"has {len(filled)} cells; the first line names {len(names)}")
        elif any(filled):
            pairs = zip(names, filled, strict=False)
            yield rows.line_num, {name: cell for name, cell in pairs if cell and name}


def _is_head(names: list[str], reading: _Reading) -> bool:
    """Note what is wrong with the columns; say whether the rows below can be read by them."""
    for place, name in enumerate(names):
        if name and name not in COLUMNS:
            reading.problem(1, name, f"unknown column; allowed: {one_of(name, COLUMNS)}")
        elif name in names[:place] and name:
            reading.problem(1, name, "stands twice in the first line")
    if "kind" not in names:
        reading.problem(1, "", f"names no column kind in its first line; needed: {', '.join(COLUMNS)}")
    return "kind" in names


def _meant(names: list[str]) -> list[str]:
    """Return the columns by which the rows are read: one that is misspelt is noted, and stands for the one
    that was meant, so that the rest is looked at in the same run."""
    missing = [name for name in COLUMNS if name not in names]
    return [name if name in COLUMNS else nearest(name, missing) or "" for name in names]


def _read_row(line: int, cells: Mapping[str, str], reading: _Reading) -> None:
    kind = cells.get("kind", "").casefold()
    if kind not in KINDS:
        reading.problem(line, "kind", f"found {shown(kind)}; allowed: {one_of(kind, KINDS)}")
        return
    same = reading.seen.setdefault(tuple(cells.get(name, "") for name in COLUMNS), line)
    if same != line:
        reading.problem(line, "", f"says the same as line {same}; a row stands once")
        return
    try:
        loaded = KINDS[kind]().load({name: cell for name, cell in cells.items() if name != "kind"})
    except ValidationError as error:
        for column, messages in _flat(error.messages):
            reading.problem(line, column, messages)
        return
    if "last" in loaded and loaded["last"] < loaded["first"]:
        reading.problem(line, "until", f"found {shown(cells['until'])}, which is before from")
        return
    _keep(line, kind, loaded, reading)


def _flat(messages: Any) -> Iterator[tuple[str, str]]:
    for column, said in messages.items():
        for message in said if isinstance(said, list) else [said]:
            yield column, str(message)


def _keep(line: int, kind: str, loaded: Mapping[str, Any], reading: _Reading) -> None:
    if kind == "as-of":
        if any(isinstance(one, date) for one in reading.rows):
            reading.problem(line, "kind", "found as-of a second time; a plan is true for one day")
        reading.rows.append(loaded["first"])
    elif kind == "supply":
        reading.rows.append(Supply(**{"who": "", "last": None, **loaded}))
    elif kind == "leave":
        reading.rows.append(Leave(**{"who": "", **loaded}))
    else:
        reading.rows.append(Commitment(**loaded))


def _snapshot(rows: Iterable[_Row], as_of: date) -> Snapshot:
    found = list(rows)
    said = [one for one in found if isinstance(one, date)]
    return Snapshot(
        as_of=said[0] if said else as_of,
        supply=tuple(one for one in found if isinstance(one, Supply)),
        leave=tuple(one for one in found if isinstance(one, Leave)),
        commitments=tuple(one for one in found if isinstance(one, Commitment)),
    )


def _written(snapshot: Snapshot) -> Iterator[dict[str, object]]:
    for supply in snapshot.supply:
        days = " ".join(WEEKDAYS[day] for day in sorted(supply.days))
        yield {
            "kind": "supply", "role": supply.role, "who": supply.who, "from": supply.first,
            "until": supply.last or "", "hours": _hours(supply.minutes), "days": days,
        }  # fmt: skip
    for leave in snapshot.leave:
        yield {"kind": "leave", "who": leave.who, "from": leave.first, "until": leave.last}
    for one in snapshot.commitments:
        yield {
            "kind": "commitment", "role": one.role, "from": one.first, "until": one.last,
            "hours": _hours(one.minutes), "deal": one.deal, "note": one.label,
        }  # fmt: skip


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{whole}" if not rest else f"{minutes / 60:.6f}".rstrip("0")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.startswith("'") else cell


def _plain(cell: str) -> str:
    cell = cell.strip(" \ufeff")
    return cell[1:] if cell.startswith("'") else cell.strip()
