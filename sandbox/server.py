"""The HTTP shell that both sandbox CRMs share: routes, faults, counters, own time in a header."""

import select
import socket
import struct
import threading
import time
from dataclasses import replace
from typing import Protocol

from sandbox.counters import Counters
from sandbox.faults import Fault, FaultKind, FaultPlan
from sandbox.wire import Cut, Listener, Reply, Request

__all__ = ["CONTROL", "Application", "Reply", "Request", "SandboxServer"]

CONTROL = "/_sandbox"


class Application(Protocol):
    """A CRM in small, without sockets."""

    def route(self, request: Request) -> str: ...
    def handle(self, request: Request) -> Reply: ...
    def failure(self, kind: FaultKind, request: Request) -> Reply:
        """Return the vendor's own body for a fault that is answered."""
        ...

    def control(self, request: Request) -> Reply:
        """Answer a call below `/_sandbox`, which is neither counted nor hit by faults."""
        ...


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
        self._listener = Listener((host, port), self.answer)
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
        return self.application.failure(fault.kind, request)

    def _fall_silent(self, fault: Fault, connection: socket.socket) -> None:
        if fault.kind is FaultKind.RESET:
            # Linger 0 makes close() send RST instead of FIN.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            select.select([connection], [], [], self.faults.hold_s)  # readable once the client hangs up
        raise Cut
