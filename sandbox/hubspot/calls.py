"""One API call on its way through the sandbox, and safe ways to read its body."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson

from sandbox.hubspot.account import Account
from sandbox.hubspot.errors import JsonObject, invalid
from sandbox.hubspot.events import Source
from sandbox.hubspot.kinds import Kind, kind_named
from sandbox.hubspot.ratelimit import RateLimit
from sandbox.wire import Reply


@dataclass(frozen=True, slots=True)
class Call:
    """`names` are the variable parts of the path; `version` is `v3`, `v4` or a date; `fails` says of a row
    of a batch whether the fault PARTIAL hits it."""

    account: Account
    version: str
    names: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes
    source: Source
    limits: RateLimit
    fails: Callable[[], bool]

    @property
    def validates_writes(self) -> bool:
        """Say whether this path enforces conditional properties (reference 4.10: from 2026-09 on)."""
        return self.version[:1].isdigit() and self.version >= "2026-09"

    def json(self) -> object:
        """Return what was sent, whatever JSON it is."""
        try:
            return orjson.loads(self.raw or b"{}")
        except orjson.JSONDecodeError as error:
            raise invalid(
                f"Invalid input JSON on line {error.lineno}, column {error.colno}: {error.msg}"
            ) from None

    def body(self) -> JsonObject:
        """Return the JSON object that was sent."""
        found = self.json()
        if not isinstance(found, dict):
            raise invalid("Invalid input JSON on line 1, column 1: Cannot deserialize value")
        return found

    def kind(self, name: str = "kind") -> Kind:
        """Return the object type that the path names."""
        kind = kind_named(self.names[name])
        if kind is None:
            raise invalid(f"Unable to infer object type from: {self.names[name]}")
        return kind

    def flag(self, name: str) -> bool:
        return self.query.get(name, "false").lower() == "true"

    def listed(self, name: str) -> tuple[str, ...]:
        """Return a comma-separated query value."""
        return tuple(part for part in self.query.get(name, "").split(",") if part)

    def start(self) -> int:
        """Return the paging cursor, 0 for the first page."""
        return max(0, whole(self.query.get("after") or "0", "after"))

    def limit(self, default: int, most: int) -> int:
        """Return the page size, refused above the most."""
        text = self.query.get("limit", str(default))
        if not text.isdecimal() or not 0 < int(text) <= most:
            raise invalid(f"Page size of {text} is not allowed. The limit must be between 1 and {most}.")
        return int(text)


Handler = Callable[[Call], Reply]


def reply(body: object, status: int = 200) -> Reply:
    return Reply(status, orjson.dumps(body))


def no_content() -> Reply:
    return Reply(204)


def objects_in(body: Mapping[str, object], name: str) -> list[JsonObject]:
    """Return a list of objects out of a body."""
    found = body.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise invalid(f"Invalid input JSON: Cannot deserialize value of `{name}`")
    return found


def object_in(body: Mapping[str, object], name: str) -> JsonObject:
    found = body.get(name)
    if not isinstance(found, dict):
        raise invalid(f"Invalid input JSON: Some required fields were not set: [{name}]")
    return found


def texts_in(body: Mapping[str, object], name: str) -> list[str]:
    """Return a list of strings out of a body; absent and null are empty."""
    found = body.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise invalid(f"Invalid input JSON: Cannot deserialize value of `{name}`")
    return found


def text_in(body: Mapping[str, object], name: str, default: str | None = None) -> str:
    """Return a string (a number is taken for one); without a default it has to be there."""
    found = body.get(name, default)
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise invalid(f"Invalid input JSON: Some required fields were not set: [{name}]")
    return str(found)


def number_in(body: Mapping[str, object], name: str, default: int | None = None) -> int:
    """Return a whole number, written as one or as text."""
    return whole(text_in(body, name, None if default is None else str(default)) or "0", name)


def whole(text: str, name: str) -> int:
    """Return a whole number out of text."""
    if not text.removeprefix("-").isdecimal():
        raise invalid(f"Invalid input JSON: Cannot deserialize value of `{name}` as a number: {text}")
    return int(text)


def values_in(body: Mapping[str, object]) -> dict[str, str]:
    """Return `properties` with all values as strings; scalars are turned into them, nothing else is."""
    values: dict[str, str] = {}
    for name, value in object_in(body, "properties").items():
        if isinstance(value, bool):
            values[name] = str(value).lower()
        elif isinstance(value, str | int | float):
            values[name] = str(value)
        else:
            raise invalid(f'Invalid input JSON: Cannot deserialize value of property "{name}" as a string')
    if not values:
        raise invalid(
            "No properties found to update, please provide at least one.", context={"properties": ["{}"]}
        )
    return values
