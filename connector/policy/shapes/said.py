"""A field of a policy file that can say what it allows. Every message says what was found and what is."""

from abc import abstractmethod
from typing import Any

from marshmallow import ValidationError, fields

from connector.policy.problems import shown

Loaded = dict[str, Any]  # what a schema has read; the builders turn it into the model
PLAIN = ["string", "number", "boolean"]  # an editor takes 12 for a number and yes for a truth


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
        return {"type": PLAIN, "description": self.allowed}
