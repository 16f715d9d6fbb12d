"""HTTP/1.1 on sockets, as much of it as client libraries speak: keep-alive and bodies with a length.

Written on sockets rather than http.server because a fault must be able to cut or hold a connection, and
because the sandbox's own time has to stay small beside what is measured.
"""

import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

JSON = "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One call. Header names are lower case; the values of a repeated query name are joined by commas."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON


class Cut(Exception):
    """The connection ends here without an answer."""


class NotHttp(Exception):
    """What came is no request that a client library sends."""


Answer = Callable[[Request, socket.socket], Reply]


class Listener(socketserver.ThreadingTCPServer):
    """Answers each connection from a thread of its own."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], answer: Answer) -> None:
        self.answer = answer
        self._open: dict[threading.Thread, socket.socket] = {}
        self._guard = threading.Lock()
        super().__init__(address, _Connection)

    def enter(self, connection: socket.socket) -> None:
        with self._guard:
            self._open[threading.current_thread()] = connection

    def leave(self) -> None:
        with self._guard:
            self._open.pop(threading.current_thread(), None)

    def cut_all(self) -> None:
        """Cut every open connection and wait for its thread."""
        with self._guard:
            still_open = dict(self._open)
        for connection in still_open.values():
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker
        for thread in still_open:
            thread.join(timeout=5)


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: Listener

    def handle(self) -> None:
        self.server.enter(self.connection)
        try:
            while self._serve_one():
                pass
        except (Cut, OSError, NotHttp):
            return
        finally:
            self.server.leave()

    def _serve_one(self) -> bool:
        line = self.rfile.readline(65537)
        if not line.strip():
            return False
        words, headers = line.decode("latin-1").split(), self._headers()
        length = headers.get("content-length", "0")
        if len(words) != 3 or not length.isdecimal():
            raise NotHttp
        method, target, _ = words
        body = self.rfile.read(int(length))
        path, _, query = target.partition("?")
        request = Request(method, unquote(path), _query(query), headers, body)
        reply = self.server.answer(request, self.connection)
        keep = headers.get("connection", "").lower() != "close"
        self._send(reply, keep=keep)
        return keep

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while line := self.rfile.readline(65537).strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return headers

    def _send(self, reply: Reply, *, keep: bool) -> None:
        lines = [
            f"HTTP/1.1 {reply.status} {_phrase(reply.status)}",
            f"Date: {formatdate(usegmt=True)}",
            f"Content-Length: {len(reply.body)}",
            f"Connection: {'keep-alive' if keep else 'close'}",
        ]
        if reply.body:
            lines.append(f"Content-Type: {reply.content_type}")
        lines.extend(f"{name}: {value}" for name, value in reply.headers.items())
        self.wfile.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + reply.body)


def _query(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
