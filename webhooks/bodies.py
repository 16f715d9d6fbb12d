"""A request's body as it came over the wire, capped."""

from wsgiref.types import WSGIEnvironment

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge


def raw_body(environ: WSGIEnvironment, limit: int) -> bytes:
    """Return the bytes; 413 above `limit`, unread where the length was announced.

    Read here and not by werkzeug, which cuts a chunked body off at its limit without a word.
    """
    announced = int(environ.get("CONTENT_LENGTH") or -1)
    if announced > limit:
        raise RequestEntityTooLarge
    if announced >= 0:
        body: bytes = environ["wsgi.input"].read(announced)
        if len(body) < announced:
            raise ClientDisconnected
        return body
    if not environ.get("wsgi.input_terminated"):
        return b""
    body = environ["wsgi.input"].read(limit + 1)
    if len(body) > limit:
        raise RequestEntityTooLarge
    return body
