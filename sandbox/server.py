"""The HTTP shell that both sandbox CRMs share: keep-alive, faults, counters, own time in a header.

Written on sockets rather than http.server because a fault must be able to cut or hold a connection, and
because the sandbox's own time has to stay small beside what is measured.
"""

import select
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qsl, unquote

from sandbox.counters import Counters
from sandbox.faults import Fault, FaultKind, FaultPlan

CONTROL = "/_sandbox"
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


class Application(Protocol):
    """A CRM in small, without sockets."""

    def route(self, request: Request) -> str: ...
    def handle(self, request: Request) -> Reply: ...
    def failure(self, kind: FaultKind) -> Reply:
        """Return the vendor's own body for a fault that is answered."""
        ...

    def control(self, request: Request) -> Reply:
        """Answer a call below `/_sandbox`, which is neither counted nor hit by faults."""
        ...


class _Cut(Exception):
    """The connection ends here without an answer."""


class _NotHttp(Exception):
    """What came is no request that a client library sends."""


class SandboxServer:
    """Serves an application on loopback until closed."""

    def __init__(
        self,
        application: Application,
        *,
        port: int = 0,
        faults: FaultPlan | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.application = application
        self.faults = faults or FaultPlan()
        self.counters = Counters()
        self._listener = _Listener((host, port), self)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        host, port = self._listener.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Cut every connection and wait for its thread."""
        self._listener.shutdown()
        self._thread.join()
        self._listener.cut_all()
        self._listener.server_close()

    def answer(self, request: Request, connection: socket.socket) -> Reply:
        """Answer one call, or raise to cut the connection."""
        if request.path.startswith(CONTROL):
            return self.application.control(request)
        route = self.application.route(request)
        fault = self.faults.draw(route)
        started = time.perf_counter()
        reply = self._reply(request, fault)
        own_ms = (time.perf_counter() - started) * 1000
        silent = fault is not None and fault.kind in {FaultKind.TIMEOUT, FaultKind.RESET}
        self.counters.count(route, 0 if silent else reply.status, own_ms)
        if fault is not None and silent:
            self._fall_silent(fault, connection)
        return replace(reply, headers={**reply.headers, "X-Sandbox-Time-Ms": f"{own_ms:.3f}"})

    def _reply(self, request: Request, fault: Fault | None) -> Reply:
        if fault is None:
            return self.application.handle(request)
        if fault.kind is FaultKind.PARTIAL:
            return self.application.handle(replace(request, partial=True))
        if fault.after:
            self.application.handle(request)
        return self.application.failure(fault.kind)

    def _fall_silent(self, fault: Fault, connection: socket.socket) -> None:
        if fault.kind is FaultKind.RESET:
            # Linger 0 makes close() send RST instead of FIN.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            select.select([connection], [], [], self.faults.hold_s)  # readable once the client hangs up
        raise _Cut


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], shell: SandboxServer) -> None:
        self.shell = shell
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
    server: _Listener

    def handle(self) -> None:
        self.server.enter(self.connection)
        try:
            while self._serve_one():
                pass
        except (_Cut, OSError, _NotHttp):
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
            raise _NotHttp
        method, target, _ = words
        body = self.rfile.read(int(length))
        path, _, query = target.partition("?")
        request = Request(method, unquote(path), _query(query), headers, body)
        reply = self.server.shell.answer(request, self.connection)
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
