"""The JSON Schema of a policy file, for editors: the keys, their words, and what is allowed in each place."""

from connector.policy.schemas import PolicySchema
from connector.policy.shapes import Loaded, block

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> Loaded:
    """Return the schema. It is made from the one that reads the file, so it cannot fall behind; what names
    refer to is checked by `dealgate policy check` alone."""
    return {"$schema": _DIALECT, "title": "Dealgate policy", **block(PolicySchema())}
