"""A client for load: raw sockets, kept alive where the server does, requests built beforehand."""

import itertools
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

CONNECTIONS = 4
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run saw: answers a second, and the seconds each took."""

    rate: float
    seconds: tuple[float, ...]


class Line:
    """One connection, opened again when the server closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def send(self, request: bytes) -> None:
        """Send one request and read its answer; anything but 200 is an error."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), _TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        if self._answer(self._socket):
            self.close()

    def _answer(self, connection: socket.socket) -> bool:
        """Read one answer; say whether the server closes the connection after it."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65_536)
            if not more:
                raise ConnectionError("the server closed the connection without an answer")
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        if b" 200 " not in lines[0]:
            raise ConnectionError(lines[0].decode())
        length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
        while len(body) < length:
            body += connection.recv(65_536)
        return b"connection: close" in lines

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def flood(port: int, requests: Sequence[bytes], seconds: float) -> Sample:
    """Send as fast as the answers come, on every connection, for so long."""
    until = time.perf_counter() + seconds

    def go_on(turn: int) -> float | None:  # noqa: ARG001
        return None if time.perf_counter() >= until else time.perf_counter()

    return _run(port, requests, go_on)


def pace(port: int, requests: Sequence[bytes], rate: float, seconds: float) -> Sample:
    """Send on a fixed timetable; time counts from when a request was due, so waiting in line counts."""
    start = time.perf_counter() + 0.05

    def go_on(turn: int) -> float | None:
        due = start + turn / rate
        if due >= start + seconds:
            return None
        time.sleep(max(due - time.perf_counter(), 0))
        return due

    return _run(port, requests, go_on)


def _run(port: int, requests: Sequence[bytes], go_on: Callable[[int], float | None]) -> Sample:
    turns = itertools.count()
    started = time.perf_counter()

    def one_line(_: int) -> list[float]:
        line, took = Line(port), []
        for turn in turns:
            due = go_on(turn)
            if due is None:
                break
            line.send(requests[turn % len(requests)])
            took.append(time.perf_counter() - due)
        line.close()
        return took

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        seconds = tuple(itertools.chain.from_iterable(pool.map(one_line, range(CONNECTIONS))))
    return Sample(len(seconds) / (time.perf_counter() - started), seconds)
