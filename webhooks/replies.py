"""How the edge answers: small JSON with a stable reason, strict headers, never a 500."""

import traceback
from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from types import TracebackType
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException, InternalServerError

from connector.errors import StoreUnavailable
from connector.observe import Metrics

Headers = list[tuple[str, str]]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None

SOURCES = frozenset({"hubspot", "salesforce"})
_CARDS = "/cards/"
_HEADERS: Headers = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
]
_RETRY_SECONDS = "5"


def reply(status: int, /, **members: object) -> Response:
    """Answer with a JSON object."""
    return Response(orjson.dumps(members), status, mimetype="application/json")


def refuse(status: int, reason: str, message: str) -> Response:
    """Answer no, with the reason for machines and the message for people."""
    return reply(status, reason=reason, message=message)


def answer_all(app: Flask, metrics: Metrics) -> None:
    """Give every error its answer and every answer its headers, and count the answers to each source."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(StoreUnavailable, _store_down)
    app.register_error_handler(InternalServerError, _failed_late)
    app.register_error_handler(Exception, _unforeseen)
    inner, counter = app.wsgi_app, cache(metrics.requests.labels)

    def outer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: Headers, exc_info: ExcInfo = None) -> Callable[[bytes], object]:
            counter(_source(environ), status[:3]).inc()
            said = {name.casefold() for name, _ in headers}  # a page's own policy stands in place of ours
            ours = [header for header in _HEADERS if header[0].casefold() not in said]
            return start(status, headers + ours, exc_info)

        return inner(environ, begin)

    app.wsgi_app = outer  # type: ignore[method-assign, assignment]


def _source(environ: WSGIEnvironment) -> str:
    """Return who calls, by the path: the CRM of /webhooks/hubspot, or a card; the rest has no name."""
    if environ["PATH_INFO"].startswith(_CARDS):
        return "cards"
    _, _, rest = environ["PATH_INFO"].partition("/webhooks/")
    name: str = rest.partition("/")[0]
    return name if name in SOURCES else "other"


def _refused(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.BAD_REQUEST)
    answer = refuse(status, status.phrase.lower().replace(" ", "-"), f"{status.phrase}.")
    answer.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return answer


def _store_down(error: StoreUnavailable) -> Response:
    structlog.get_logger(__name__).warning("edge.store-unavailable")
    return _later(error.reason, "The database does not answer. Nothing was accepted; send it again.")


def _failed_late(error: InternalServerError) -> Response:
    """Flask wraps so what goes wrong after the view has answered."""
    return _unforeseen(error.original_exception or error)


def _unforeseen(error: BaseException) -> Response:
    """A fault of ours must cost the sender nothing but another try. Its text may quote a body: not logged."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    structlog.get_logger(__name__).error("edge.failed", error=type(error).__name__, where=where)
    return _later("internal-error", "Something went wrong here. Nothing was accepted; send it again.")


def _later(reason: str, message: str) -> Response:
    answer = refuse(HTTPStatus.SERVICE_UNAVAILABLE, reason, message)
    answer.headers["Retry-After"] = _RETRY_SECONDS
    return answer
