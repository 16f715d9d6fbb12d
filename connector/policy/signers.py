"""Who signs by one row: all of the roles at once or in order, any of them, or so many of them."""

from typing import Any

from connector.policy.shapes import Block, Loaded, Many, Of, Said, Text, Whole

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
            return {"roles": Many(Text(), lone=True).deserialize(value), "quorum": None, "in_order": False}
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
        return {"anyOf": [Many(Text(), lone=True).described(), Of(SignersSchema()).described()]}
