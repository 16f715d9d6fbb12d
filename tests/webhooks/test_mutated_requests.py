"""Falsified requests: none accepted, none answered 5xx; the genuine ones all accepted.

The short form calls the application, the long one goes over sockets to both servers.
"""

import random
import socket
from collections import Counter
from pathlib import Path

import pytest

from tests.webhooks.mutations import MUTATIONS, Request, genuine
from tests.webhooks.servers import serving
from tests.webhooks.world import World

SEED = 4242001


def by_wsgi(edge: World, request: Request) -> int:
    """Join doubled headers as WSGI servers do."""
    joined: dict[str, str] = {}
    for name, value in request.headers:
        text = value.decode("latin-1")
        key = name.decode()
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    environ = {"REQUEST_URI": request.target, "RAW_URI": request.target, "REQUEST_METHOD": request.method}
    answer = edge.app.test_client().open(
        request.target, method=request.method, headers=joined, data=request.body, environ_overrides=environ
    )
    return answer.status_code


def by_socket(port: int, request: Request) -> int:
    lines = [f"{request.method} {request.target} HTTP/1.1".encode(), b"Host: localhost", b"Connection: close"]
    lines += [name + b": " + value for name, value in request.headers]
    lines.append(b"Content-Length: %d" % len(request.body))
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + request.body)
        return int(connection.makefile("rb").readline().split()[1])


def outcomes(send, count: int) -> tuple[Counter[int], Counter[int]]:
    """Send `count` falsified requests of every kind and one genuine in ten; return statuses of both."""
    chance = random.Random(SEED)
    false, true = Counter(), Counter()
    for turn in range(count):
        request = genuine(chance)
        false[send(MUTATIONS[turn % len(MUTATIONS)](request, chance))] += 1
        if turn % 10 == 0:
            true[send(request)] += 1
    return false, true


def assert_refused(false: Counter[int], true: Counter[int], count: int) -> None:
    assert sum(false.values()) == count
    assert all(400 <= status < 500 for status in false), false
    assert set(true) == {200}
    assert false[401] > count / 2


def test_600_falsified_requests_are_all_refused_and_none_is_an_error(edge: World):
    false, true = outcomes(lambda request: by_wsgi(edge, request), 600)
    assert_refused(false, true, 600)
    assert len(edge.rung()) == edge.counted("north", "rung")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("server", ["waitress", "gunicorn"])
def test_20000_falsified_requests_over_sockets_are_all_refused(server: str, tmp_path: Path):
    with serving(server, tmp_path) as port:
        false, true = outcomes(lambda request: by_socket(port, request), 20_000)
    assert_refused(false, true, 20_000)
