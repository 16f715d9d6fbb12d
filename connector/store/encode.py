"""How our records become JSON and come back: one codec for every record that is kept.

JSON has no decimals and no dates, so those carry a tag: {"n": "1.50"}, {"d": "2026-03-02"}, {"t": "..."}.
Keys are sorted, so equal records give equal bytes and a hash of them means something.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

from connector.deals import Unreadable

T = TypeVar("T")
Reader = Callable[[object], object]
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS


def encode(record: object) -> str:
    """Return the record as canonical JSON text."""
    return orjson.dumps(record, default=_plain, option=_OPTIONS).decode()


def decode(kind: type[T], text: str) -> T:
    """Return the record of this class that `encode` wrote, in this version or one before: fields added since
    then get their defaults, those that are gone are left out, and so is an optional word that is gone."""
    return cast("T", _reader(cast("Hashable", kind))(orjson.loads(text)))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, tuple):  # a NamedTuple: a plain one needs nobody to say what it is
        return cast("NamedTuple", value)._asdict()
    raise TypeError(f"{type(value).__name__} is no record that can be kept")


def _leaf(data: object) -> object:
    """Read a value that says itself what it is."""
    if isinstance(data, list):
        return tuple(data)
    if not isinstance(data, dict):
        return data
    if "n" in data:
        return Decimal(data["n"])
    if "t" in data:
        return datetime.fromisoformat(data["t"])
    if "d" in data:
        return date.fromisoformat(data["d"])
    return Unreadable(**data)


@cache
def _reader(hint: object) -> Reader:
    """Return the function that reads data of this type hint."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if _is_record(hint):
        return _record_reader(cast("type", hint))
    arguments = get_args(hint)
    origin = get_origin(hint)
    if origin is tuple:
        return _items_reader(_reader(arguments[0]))
    if origin is Mapping:
        return _mapping_reader(_reader(arguments[0]), _reader(arguments[1]))
    if origin in (Union, UnionType):
        return _union_reader(arguments)
    return _leaf


def _is_record(hint: object) -> bool:
    return (is_dataclass(hint) and hint is not Unreadable) or hasattr(hint, "_fields")


def _record_reader(kind: type) -> Reader:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(data: object) -> object:
        known = cast("dict[str, object]", data).items()
        return kind(**{name: readers[name](value) for name, value in known if name in readers})

    return read


def _items_reader(item: Reader) -> Reader:
    return lambda data: tuple(item(each) for each in cast("list[object]", data))


def _mapping_reader(key: Reader, value: Reader) -> Reader:
    return lambda data: {key(name): value(each) for name, each in cast("dict[str, object]", data).items()}


def _union_reader(members: tuple[object, ...]) -> Reader:
    """Read `X | None` as X; any other union holds only values that say themselves what they are."""
    others = [member for member in members if member is not type(None)]
    if len(others) > 1:
        return _leaf
    if isinstance(others[0], type) and issubclass(others[0], Enum):
        return others[0]._value2member_map_.get
    read = _reader(others[0])
    return lambda data: None if data is None else read(data)
