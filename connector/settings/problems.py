"""Wrong settings, told all at once: which one, what was found, what is allowed. Secrets are never told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError

from connector.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong setting, by the name the operator wrote it under."""

    name: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.name}: {self.wrong}"


def load(
    schema: Schema, given: Mapping[str, object], named: Callable[[str], str]
) -> tuple[dict[str, Any], list[Problem]]:
    """Return what could be read and what is wrong; `named` turns a member into the operator's name for it."""
    try:
        return dict(schema.load(given)), []
    except ValidationError as error:
        told = [Problem(named(member), _told(schema, member, given)) for member in error.messages_dict]
        return dict(error.valid_data or {}), told


def _told(schema: Schema, member: str, given: Mapping[str, object]) -> str:
    field = schema.fields.get(member)
    if field is None:
        return f"is not known here; known: {', '.join(sorted(schema.fields))}"
    allowed = f"allowed: {field.metadata['allowed']}"
    if member not in given:
        return f"is not set; {allowed}"
    return f"found {_found(given[member], secret=field.metadata['secret'])}; {allowed}"


def _found(value: object, *, secret: bool) -> str:
    if secret:
        return f"a value of {len(str(value))} characters (not shown)"
    return repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."


def refuse(problems: list[Problem]) -> None:
    """Raise one ConfigurationError that lists every problem; do nothing where there is none."""
    if not problems:
        return
    lines = "".join(f"\n  {problem}" for problem in problems)
    count = "1 setting is" if len(problems) == 1 else f"{len(problems)} settings are"
    raise ConfigurationError(f"{count} wrong:{lines}\n", hint="See docs/settings.md.")
