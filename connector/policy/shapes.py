"""The marshmallow fields of a policy file. Every message says what was found and what is allowed."""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from marshmallow import EXCLUDE, INCLUDE, Schema, ValidationError, fields, validates_schema

from connector.policy import literals
from connector.policy.problems import one_of, shown

_Read = TypeVar("_Read")
Loaded = dict[str, Any]  # what a schema has read; the builders turn it into the model
_PLAIN = ["string", "number", "boolean"]  # an editor takes 12 for a number and yes for a truth


class Block(Schema):
    """A block of keys of which each is known."""

    class Meta:
        unknown = EXCLUDE  # refused below, where the allowed keys can be named

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_unknown(self, _: Loaded, original: object, **__: object) -> None:
        """Refuse every key that the schema does not name."""
        allowed = [field.data_key or name for name, field in self.fields.items()]
        keys = original if isinstance(original, dict) else {}
        unknown = [key for key in keys if key not in allowed]
        if unknown:
            raise ValidationError({key: [_unknown(key, allowed)] for key in unknown})


def _unknown(key: object, allowed: Iterable[str]) -> str:
    if re.fullmatch(r"\d{3}", str(key)):
        return 'found the rest of a number: between braces a comma ends the value; write 1250 or "1,250"'
    return f"unknown key; allowed: {one_of(key, tuple(allowed))}"


class Said(fields.Field[Any]):
    """A field that can say what it allows."""

    allowed = "a value"

    def __init__(self, key: str | None = None, *, required: bool = False) -> None:
        messages: dict[str, str | list[Any] | dict[Any, Any]] = {
            "required": f"is missing; needed: {self.allowed}",
            "null": self.refusal(None),
        }
        super().__init__(data_key=key, required=required, error_messages=messages)

    def refusal(self, found: object, allowed: str | None = None) -> str:
        """Write the message for a value that is not allowed."""
        return f"found {shown(found)}; allowed: {allowed or self.allowed}"

    def refuse(self, found: object, allowed: str | None = None) -> ValidationError:
        """Make the error for a value that is not allowed."""
        return ValidationError(self.refusal(found, allowed))

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return self.read(value)

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Return the value that is meant; raise ValidationError where none is."""

    def described(self) -> Loaded:
        """Return the JSON Schema of what an editor lets through, as YAML reads it there."""
        return {"type": _PLAIN, "description": self.allowed}


class Text(Said):
    """Some words."""

    allowed = "a text"
    longest = 255

    def read(self, value: Any) -> str:
        """Return the text without the spaces around it."""
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(value)
        if len(value) > self.longest:
            raise self.refuse(value, f"at most {self.longest} characters")
        return value.strip()


class Like(Text):
    """A text of one form."""

    def __init__(self, pattern: str, allowed: str, key: str | None = None, *, required: bool = False) -> None:
        self.pattern, self.allowed = pattern, allowed
        super().__init__(key, required=required)

    def read(self, value: Any) -> str:
        """Return the text if it has the form."""
        text = super().read(value)
        if re.fullmatch(self.pattern, text, re.ASCII) is None:
            raise self.refuse(value)
        return text

    def described(self) -> Loaded:
        """Return the form, which the file's own reading holds in whole."""
        return {"type": _PLAIN, "pattern": f"^{self.pattern}$", "description": self.allowed}


class Pattern(Text):
    """A regular expression."""

    allowed = "a regular expression"

    def read(self, value: Any) -> str:
        """Return the expression if it compiles."""
        text = super().read(value)
        try:
            re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            raise self.refuse(value, f"a regular expression ({error})") from None
        return text


class Choice(Said):
    """One of a few words."""

    def __init__(self, words: Iterable[str], key: str | None = None, *, required: bool = False) -> None:
        self.words = tuple(str(word) for word in words)
        self.allowed = one_of(None, self.words)
        super().__init__(key, required=required)

    def read(self, value: Any) -> str:
        """Return the word as the policy's language spells it."""
        if isinstance(value, str) and value.strip().casefold() in self.words:
            return value.strip().casefold()
        raise self.refuse(value, one_of(value, self.words))

    def described(self) -> Loaded:
        """Return the words."""
        return {"enum": list(self.words)}


class Flag(Said):
    """True or false."""

    allowed = "true or false"

    def read(self, value: Any) -> bool:
        """Return the truth."""
        return _literal(self, value, literals.flag)

    def described(self) -> Loaded:
        """Return both, as a truth or as words."""
        return {"enum": [True, False, "yes", "no", "true", "false"]}


class Day(Said):
    """A date."""

    allowed = "a date as 2026-03-16"

    def read(self, value: Any) -> date:
        """Return the date."""
        return _literal(self, value, literals.day)


class Money(Said):
    """An amount with or without its currency."""

    allowed = "an amount as EUR 50,000"

    def read(self, value: Any) -> tuple[Decimal, str | None]:
        """Return the amount and its currency."""
        return _literal(self, value, literals.money)


class Percent(Said):
    """A percentage, read as percent points."""

    allowed = "a percentage as 10% or 12.5 %"

    def read(self, value: Any) -> Decimal:
        """Return the percent points."""
        return _literal(self, value, literals.percent)


class Number(Said):
    """A number more than zero."""

    allowed = "a number more than 0, as 8 or 12.5"

    def read(self, value: Any) -> Decimal:
        """Return the number."""
        found = _literal(self, value, literals.number)
        if found <= 0:
            raise self.refuse(value)
        return found


class Whole(Said):
    """A whole number in a range, ends included."""

    def __init__(self, least: int, most: int, key: str | None = None, *, required: bool = False) -> None:
        self.least, self.most = least, most
        self.allowed = f"a whole number from {least} to {most}"
        super().__init__(key, required=required)

    def read(self, value: Any) -> int:
        """Return the number."""
        text = value.strip() if isinstance(value, str) else ""
        if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) and self.least <= int(text) <= self.most:
            return int(text)
        raise self.refuse(value)

    def described(self) -> Loaded:
        """Return the range."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


def _literal(field: Said, value: Any, read: Callable[[str], _Read]) -> _Read:
    try:
        return read(value if isinstance(value, str) else "")
    except literals.NotALiteral as error:
        raise field.refuse(value, str(error)) from None


class Currency(Like):
    """A currency code."""

    def __init__(self, key: str | None = None, *, required: bool = False) -> None:
        super().__init__(r"[A-Z]{3}", "a currency code as EUR", key, required=required)


class Identity(Like):
    """The id of something in a list, as it stands in the ledger."""

    def __init__(self) -> None:
        super().__init__(Named.spelling.pattern, "small letters, digits and hyphens", required=True)


class Words(Said):
    """One test of a decision table; the builder compiles it for its field."""

    allowed = "one test as <= 30, or names separated by commas"

    def read(self, value: Any) -> str | list[str]:
        """Return the test as written."""
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, list) and value and all(isinstance(one, str) and one.strip() for one in value):
            return value
        raise self.refuse(value)

    def described(self) -> Loaded:
        """Return a test, or a list of names."""
        return {"type": [*_PLAIN, "array"], "description": self.allowed}


class Of(Said):
    """A block with a schema of its own."""

    allowed = "a block of keys"

    def __init__(self, schema: Schema, key: str | None = None, *, required: bool = False) -> None:
        self.schema = schema
        super().__init__(key, required=required)

    def read(self, value: Any) -> Any:
        """Return what the schema reads."""
        if not isinstance(value, dict):
            raise self.refuse(value)
        return self.schema.load(value)

    def described(self) -> Loaded:
        """Return the block with all its keys."""
        return block(self.schema)


class Brief(Said):
    """A block, or the one value alone that says enough."""

    def __init__(self, schema: Schema, only: str, short: Said) -> None:
        self.block, self.only, self.short = Of(schema), only, short
        self.allowed = f"{short.allowed}, or a block with `{schema.fields[only].data_key or only}`"
        super().__init__()

    def read(self, value: Any) -> Loaded:
        """Return what the block reads."""
        if isinstance(value, dict):
            loaded: Loaded = self.block.read(value)
            return loaded
        return {self.only: self.short.deserialize(value)}

    def described(self) -> Loaded:
        """Return both forms."""
        return {"anyOf": [self.short.described(), self.block.described()]}


class Many(Said):
    """A list with at least one item; where `lone`, a single item needs no brackets."""

    allowed = "a list with at least one item"

    def __init__(
        self, item: Said, key: str | None = None, *, required: bool = False, lone: bool = False
    ) -> None:
        self.item, self.lone = item, lone
        super().__init__(key, required=required)

    def read(self, value: Any) -> list[Any]:
        """Return what every item reads."""
        if self.lone and isinstance(value, str | dict) and value:
            return [self.item.read(value)]
        if not isinstance(value, list) or not value:
            raise self.refuse(value)
        good, bad = _each(self.item, enumerate(value))
        if bad:
            raise ValidationError(bad, valid_data=list(good.values()))
        return list(good.values())

    def described(self) -> Loaded:
        """Return the list, and the single item where it may stand alone."""
        item = self.item.described()
        listed = {"type": "array", "items": item, "minItems": 1}
        return {"anyOf": [item, listed]} if self.lone else listed


class Named(Said):
    """A block whose keys are names of the policy's own, with at least one."""

    allowed = "a block with at least one name"
    spelling = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")

    def __init__(self, item: Said, key: str | None = None, *, required: bool = False) -> None:
        self.item = item
        super().__init__(key, required=required)

    def read(self, value: Any) -> Loaded:
        """Return what every name's value reads."""
        if not isinstance(value, dict) or not value:
            raise self.refuse(value)
        bad = {key: [f"found {shown(key)} as a name; allowed: small letters, digits and hyphens"]
               for key in value if self.spelling.fullmatch(key) is None}  # fmt: skip
        if bad:
            raise ValidationError(bad)
        good, errors = _each(self.item, value.items())
        if errors:
            raise ValidationError(errors, valid_data=good)
        return good

    def described(self) -> Loaded:
        """Return the block with any names."""
        item = self.item.described()
        pattern = f"^{self.spelling.pattern}$"
        return {
            "type": "object", "minProperties": 1,
            "patternProperties": {pattern: item}, "additionalProperties": False,
        }  # fmt: skip


def block(schema: Schema) -> Loaded:
    """Return the JSON Schema of a block of keys; where other keys are let in, they are cells."""
    named = {field.data_key or name: field for name, field in schema.fields.items()}
    others: Loaded | bool = Words().described() if schema.unknown == INCLUDE else False
    found: Loaded = {
        "type": "object",
        "description": (type(schema).__doc__ or "").strip(),
        "properties": {key: one.described() for key, one in named.items() if isinstance(one, Said)},
        "additionalProperties": others,
    }
    needed = [key for key, field in named.items() if field.required]
    return {**found, "required": needed} if needed else found


def _each(item: Said, pairs: Iterable[tuple[Any, Any]]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Read every pair's value; return what was read, of bad ones the good parts, and the errors."""
    good: dict[Any, Any] = {}
    bad: dict[Any, Any] = {}
    for key, value in pairs:
        try:
            good[key] = item.deserialize(value)
        except ValidationError as error:
            bad[key], good[key] = error.messages, error.valid_data
    return good, bad
