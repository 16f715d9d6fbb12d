"""What else is wrong in a check that is none for one reason: everything is told at once."""

from collections.abc import Iterator

from connector.policy.checklist import Feasible
from connector.policy.checklist_words import ROW_KEYS, Words, check_answer, with_product
from connector.policy.rows import Table, check_cells, check_names
from connector.policy.source import Path, Plain, Source


def check_parts(words: Words, path: Path) -> None:
    """Note names that the policy does not have and cells that cannot be read, in the check at this path."""
    written = words.source.at(path)
    for kind, settings in written.items() if isinstance(written, dict) else ():
        inner: Path = (*path, kind)
        match kind, settings:
            case "required-data", dict():
                _fields(words, (*inner, "fields"))
                _role(words, (*inner, "unknown-goes-to"))
            case "feasibility", dict():
                _table(words, inner)
                _role(words, (*inner, "goes-to"))
            case "capacity", dict():
                for key in ("start", "win-chance"):
                    _field(words, (*inner, key))
                _role(words, (*inner, "goes-to"))


def _fields(words: Words, path: Path) -> None:
    for place, one in _items(words.source.at(path)):
        where: Path = (*path, place)
        if isinstance(one, dict):
            _field(words, (*where, "field"), where)
            for other, _ in _items(one.get("or")):
                _field(words, (*where, "or", other), where)
        else:
            _field(words, where)


def _table(words: Words, path: Path) -> None:
    """Read the rows by the inputs that are written, where these cannot be read by all words of the policy."""
    source, known = words.source, with_product(words)
    named = source.texts((*path, "inputs"))
    sound = bool(named) and not source.broken((*path, "inputs"))
    table = Table(source, known, words.currency, named if sound else tuple(known), ROW_KEYS)
    check_names(table, (*path, "inputs"), named)
    rows = source.at((*path, "rows"))
    for place in range(len(rows)) if isinstance(rows, list) else ():
        row: Path = (*path, "rows", place)
        check_cells(table, row)
        _role(words, (*row, "goes-to"))
        _answer(words.source, row, sent="goes-to" in {*source.names(*path), *source.names(*row)})


def _answer(source: Source, row: Path, *, sent: bool) -> None:
    answer = source.at((*row, "answer"))
    if isinstance(answer, str) and answer in set(Feasible):
        check_answer(source, row, Feasible(answer), sent=sent, told="says" in source.names(*row))


def _items(written: Plain) -> Iterator[tuple[int, Plain]]:
    """Yield the items of a list; one alone stands for a list of one."""
    yield from enumerate(written if isinstance(written, list) else [written])


def _field(words: Words, path: Path, where: Path | None = None) -> None:
    name = words.source.at(path)
    if isinstance(name, str) and not words.source.broken(path):
        words.field(where or path, name)


def _role(words: Words, path: Path) -> None:
    name = words.source.at(path)
    if isinstance(name, str) and not words.source.broken(path):
        words.is_role(path, name)
