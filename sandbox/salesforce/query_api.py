"""query, queryAll and their further pages."""

from urllib.parse import quote_plus

from sandbox.salesforce import sharing
from sandbox.salesforce.calls import Call, reply
from sandbox.salesforce.errors import JsonObject, SalesforceError, bad_request
from sandbox.salesforce.soql.run import Answer, Engine
from sandbox.wire import Reply

_MOST_URL = 16_384
_MOST_QUERY = 100_000


def query(call: Call) -> Reply:
    return _query(call, deleted_too=False)


def query_all(call: Call) -> Reply:
    return _query(call, deleted_too=True)


def more(call: Call) -> Reply:
    return reply(call.cursors.page(call.names["locator"], call.base, call.page(), "query"))


def more_of_all(call: Call) -> Reply:
    return reply(call.cursors.page(call.names["locator"], call.base, call.page(), "queryAll"))


def answer(call: Call, text: str, *, deleted_too: bool = False) -> Answer:
    """Return the records that the user sees, and how many there are."""
    size, verb = call.page(), _verb(deleted_too=deleted_too)
    engine = Engine(
        schema=call.org.schema,
        records=call.org.records,
        sees=call.sees,
        blind={name for user, name in call.org.access.blind if user == call.user},
        now=call.org.now(),
        base=call.base,
        deleted_too=deleted_too,
        page=size,
        keep=lambda rows: call.cursors.keep(rows, call.base, size, verb),
    )
    return engine.answer(text)


def _query(call: Call, *, deleted_too: bool) -> Reply:
    text = call.query.get("q", "")
    _check_length(text, call)
    about = sharing.asked(text)
    if about is not None:
        call.org.work_out_access(about, call.user)
    found, size = answer(call, text, deleted_too=deleted_too), call.page()
    rows = list(found.rows)
    body: JsonObject = {"totalSize": found.total, "done": True, "records": rows}
    if len(rows) > size:
        url = call.cursors.keep(rows, call.base, size, _verb(deleted_too=deleted_too))
        body |= {"done": False, "records": rows[:size], "nextRecordsUrl": url}
    return reply(body)


def _verb(*, deleted_too: bool) -> str:
    return "queryAll" if deleted_too else "query"


def _check_length(text: str, call: Call) -> None:
    if not text:
        raise bad_request("MALFORMED_QUERY", "A query string has to be specified")
    if len(text) > _MOST_QUERY:
        raise bad_request("QUERY_TOO_COMPLICATED", "SOQL statements cannot be longer than 100000 characters.")
    headers = sum(len(name) + len(value) for name, value in call.headers.items())
    if len(quote_plus(text)) + headers > _MOST_URL:
        raise SalesforceError(414, "URI_TOO_LONG", "URI Too Long")
