"""A request's body as it came over the wire, capped."""

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge


def cap_bodies(app: Flask, limit: int) -> None:
    """Refuse bodies of more than `limit` bytes: announced ones unread, others in `raw_body`."""
    app.config["MAX_CONTENT_LENGTH"] = limit + 1


def raw_body() -> bytes:
    """Return the bytes; 413 above the cap. werkzeug cuts a chunked body off at its limit without a word,
    so its limit is one byte above the cap, and that byte tells."""
    body = request.get_data(cache=False)
    limit = request.max_content_length
    if limit is not None and len(body) >= limit:
        raise RequestEntityTooLarge
    return body
