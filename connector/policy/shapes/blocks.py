"""Blocks, lists and named blocks of a policy file, and the JSON Schema of a block."""

import re
from collections.abc import Iterable
from typing import Any

from marshmallow import EXCLUDE, INCLUDE, Schema, ValidationError, validates_schema

from connector.policy.problems import one_of, shown
from connector.policy.shapes.said import Loaded, Said
from connector.policy.shapes.texts import SPELLING, Words

MOST_ROWS = 1_000  # of one decision table: what people can read has far fewer


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
        self,
        item: Said,
        key: str | None = None,
        *,
        required: bool = False,
        lone: bool = False,
        most: int | None = None,
    ) -> None:
        self.item, self.lone, self.most = item, lone, most
        super().__init__(key, required=required)

    def read(self, value: Any) -> list[Any]:
        """Return what every item reads."""
        if self.lone and isinstance(value, str | dict) and value:
            return [self.item.read(value)]
        if not isinstance(value, list) or not value:
            raise self.refuse(value)
        if self.most is not None and len(value) > self.most:
            raise ValidationError(f"found a list of {len(value):,}; allowed: at most {self.most:,}")
        good, bad = _each(self.item, enumerate(value))
        if bad:
            raise ValidationError(bad, valid_data=list(good.values()))
        return list(good.values())

    def described(self) -> Loaded:
        """Return the list, and the single item where it may stand alone."""
        item = self.item.described()
        listed: Loaded = {"type": "array", "items": item, "minItems": 1}
        if self.most is not None:
            listed["maxItems"] = self.most
        return {"anyOf": [item, listed]} if self.lone else listed


class Named(Said):
    """A block whose keys are names of the policy's own, with at least one."""

    allowed = "a block with at least one name"
    spelling = SPELLING

    def __init__(self, item: Said, key: str | None = None, *, required: bool = False) -> None:
        self.item = item
        super().__init__(key, required=required)

    def read(self, value: Any) -> Loaded:
        """Return what every name's value reads."""
        if not isinstance(value, dict) or not value:
            raise self.refuse(value)
        bad = {key: [f"found {shown(key)} as a name; allowed: small letters, digits and hyphens"]
               for key in value if self.spelling.fullmatch(key) is None}  # fmt: skip
        good, errors = _each(self.item, [pair for pair in value.items() if pair[0] not in bad])
        if errors or bad:
            raise ValidationError({**bad, **errors}, valid_data=good)
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
