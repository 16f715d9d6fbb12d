"""Who signs by one row (all of the roles at once or in order, any of them, or so many of them), who states a
fact, who may stop the deal, and when those above are asked."""

from typing import Any

from marshmallow import ValidationError

from connector.policy.shapes import Block, Flag, Loaded, Many, Of, Said, Text, Whole

_Roles = Many(Text(), lone=True)


class SignersSchema(Block):
    """One of `all`, `any`, `in-order`, or `at-least` with `of`."""

    all = _Roles
    any = _Roles
    in_order = Many(Text(), "in-order", lone=True)
    least = Whole(1, 20, "at-least")
    of = _Roles


class Signers(Said):
    """The roles of a row, with how many of them must sign and whether one waits for the other."""

    allowed = "a role, a list of roles, or a block with all, any, in-order, or at-least and of"

    def read(self, value: Any) -> Loaded:
        """Return `roles`, `quorum` (None for all of them) and `in_order`."""
        if not isinstance(value, dict):
            return {"roles": _Roles.deserialize(value), "quorum": None, "in_order": False}
        found: Loaded = Of(SignersSchema()).read(value)
        match sorted(found):
            case ["all" | "any" | "in_order" as way]:
                return {
                    "roles": found[way],
                    "quorum": 1 if way == "any" else None,
                    "in_order": way == "in_order",
                }
            case ["least", "of"] if found["least"] <= len(set(found["of"])):
                return {"roles": found["of"], "quorum": found["least"], "in_order": False}
            case ["least", "of"]:
                raise self.refuse(found["least"], f"at most {len(set(found['of']))}, the roles named")
            case _:
                raise self.refuse(value)

    def described(self) -> Loaded:
        """Return the roles alone, and the block."""
        return {"anyOf": [_Roles.described(), Of(SignersSchema()).described()]}


class AttestSchema(Block):
    """A fact that a role confirms; with `self` the deal's owner may."""

    fact = Text(required=True)
    by = Text(required=True)
    own = Flag("self")


class StoppersSchema(Block):
    """Roles that may stop the deal, and for how many working hours."""

    roles = Many(Text(), required=True, lone=True)
    within = Whole(1, 4000)


class Stoppers(Said):
    """The roles that may stop a deal, alone or with the time they have."""

    allowed = "a role, a list of roles, or a block with roles and within"

    def read(self, value: Any) -> Loaded:
        """Return `roles` and `within` (None for the time of any answer)."""
        if not isinstance(value, dict):
            return {"roles": _Roles.deserialize(value), "within": None}
        return {"within": None, **Of(StoppersSchema()).read(value)}

    def described(self) -> Loaded:
        """Return the roles alone, and the block."""
        return {"anyOf": [_Roles.described(), Of(StoppersSchema()).described()]}


class Rises(Said):
    """When those above are asked too."""

    allowed = "at-once, or a number of working hours from 1 to 4000"
    _hours = Whole(1, 4000)

    def read(self, value: Any) -> int:
        """Return the working hours, 0 for at once."""
        if value == "at-once":
            return 0
        try:
            hours: int = self._hours.read(value)
        except ValidationError:
            raise self.refuse(value) from None
        return hours

    def described(self) -> Loaded:
        """Return the word, and the number."""
        return {"anyOf": [{"const": "at-once"}, self._hours.described()]}
