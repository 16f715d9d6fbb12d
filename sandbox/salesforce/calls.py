"""One API call on its way through the sandbox, and safe ways to read it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson

from sandbox.salesforce.cursors import Cursors
from sandbox.salesforce.errors import JsonObject, bad_request
from sandbox.salesforce.limits import Usage
from sandbox.salesforce.org import Org
from sandbox.salesforce.schema import Field, SObject
from sandbox.wire import Reply

_BATCH = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """`names` are the variable parts of the path; `base` is `/services/data/v67.0`; `fails` says of a row
    of a collection whether the fault PARTIAL hits it."""

    org: Org
    base: str
    names: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes
    user: str
    usage: Usage
    cursors: Cursors
    fails: Callable[[], bool]

    def body(self) -> JsonObject:
        """Return the JSON object that was sent."""
        try:
            found = orjson.loads(self.raw)
        except orjson.JSONDecodeError as error:
            message = f"Unexpected character at [line:{error.lineno}, column:{error.colno}]"
            raise bad_request("JSON_PARSER_ERROR", message) from None
        if not isinstance(found, dict):
            raise bad_request("JSON_PARSER_ERROR", "Cannot deserialize instance of an object")
        return found

    def sobject(self) -> SObject:
        """Return the kind of record that the path names."""
        return self.org.schema.get(self.names["type"])

    def sees(self, sobject: SObject, field: Field) -> bool:
        return self.org.access.sees(self.user, sobject, field)

    def page(self) -> int:
        """Return how many rows a page may have: 200 to 2,000, as the client asks."""
        asked = _BATCH.search(self.headers.get("sforce-query-options", ""))
        return min(self.org.setup.page, max(200, int(asked[1])) if asked else 2000)


Handler = Callable[[Call], Reply]


def reply(body: object, status: int = 200) -> Reply:
    return Reply(status, orjson.dumps(body))


def no_content() -> Reply:
    return Reply(204)


def listed(body: JsonObject, name: str) -> list[object]:
    """Return a list of the body."""
    found = body.get(name)
    if not isinstance(found, list):
        raise bad_request("JSON_PARSER_ERROR", f"{name}: expected an array")
    return found
