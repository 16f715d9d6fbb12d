"""The Tooling API's query, as far as a client may look at flows: one flow a query, for who may see Setup."""

import re

from sandbox.salesforce.calls import Call, reply
from sandbox.salesforce.errors import JsonObject, SalesforceError, bad_request
from sandbox.wire import Reply

_FLOW = re.compile(
    r"SELECT ([\w, ]+) FROM Flow WHERE Definition\.DeveloperName = '(\w+)' AND Status = '(\w+)'"
    r"(?: LIMIT 1)?",
    re.IGNORECASE,
)
_FIELDS = frozenset({"Id", "Status", "Metadata", "FullName"})
_SEES_SETUP = "ViewSetup"


def query(call: Call) -> Reply:
    """Answer with the versions of one flow; only the active one is kept."""
    text = call.query.get("q", "").strip()
    if not text:
        raise bad_request("MALFORMED_QUERY", "A query string has to be specified")
    asked = _FLOW.fullmatch(text)
    if asked is None:
        raise bad_request("MALFORMED_QUERY", f"the sandbox answers no such query of the Tooling API: {text}")
    names = [name.strip() for name in asked[1].split(",")]
    for name in names:
        if name not in _FIELDS:
            raise bad_request("INVALID_FIELD", f"No such column '{name}' on entity 'Flow'.")
    if not call.org.access.may(call.user, _SEES_SETUP):
        raise SalesforceError(400, "INVALID_TYPE", "sObject type 'Flow' is not supported.")
    found = call.org.flows.get(asked[2]) if asked[3].casefold() == "active" else None
    rows = [] if found is None else [_row(names, asked[2], found, call.base)]
    body: JsonObject = {"size": len(rows), "totalSize": len(rows), "done": True, "queryLocator": None,
                        "entityTypeName": "Flow", "records": rows}  # fmt: skip
    return reply(body)


def _row(names: list[str], name: str, metadata: JsonObject, base: str) -> JsonObject:
    known: JsonObject = {
        "Id": "301000000000001AAA",
        "Status": "Active",
        "Metadata": metadata,
        "FullName": f"{name}-1",
    }
    url = f"{base}/tooling/sobjects/Flow/{known['Id']}"
    return {"attributes": {"type": "Flow", "url": url}, **{one: known[one] for one in names}}
