"""Both servers hand over the raw target, the raw body and the cap alike."""

import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.webhooks.servers import LOG, serving
from tests.webhooks.world import PATH, PUBLIC_URL, changed, headers

BODY = orjson.dumps([changed(1)])
LIMIT = 4_000


@pytest.fixture(scope="module", params=["waitress", "gunicorn"])
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serving(request.param, tmp_path_factory.mktemp(request.param), body_limit=LIMIT) as port:
        yield port


def post(port: int, body: bytes, target: str = PATH, uri: str = PATH, *, chunked: bool = False) -> int:
    """Send a signed body; http.client sends an iterator in chunks, without a length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    sent = iter((body[:10], body[10:])) if chunked else body
    connection.request("POST", target, body=sent, headers=headers(body, uri=PUBLIC_URL + uri))
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_signed_event_is_accepted(port: int):
    assert post(port, BODY) == 200


@pytest.mark.parametrize(
    ("target", "signed"),
    [
        (f"{PATH}?tenant=7", f"{PATH}?tenant=7"),
        (f"{PATH}?userEmail=a%40b.com", f"{PATH}?userEmail=a@b.com"),
        (f"{PATH}?x=%20%26%3D%C3%A9&x=2", f"{PATH}?x=%20%26%3D%C3%A9&x=2"),
        (f"{PATH}?", f"{PATH}?"),
    ],
)
def test_the_target_is_taken_as_it_was_sent(port: int, target: str, signed: str):
    assert post(port, BODY, target, signed) == 200
    assert post(port, BODY, target, f"{signed}x") == 401


def test_no_log_holds_the_address_of_a_request_where_tokens_stand_in_it(tmp_path: Path):
    with serving("gunicorn", tmp_path) as port:
        assert post(port, BODY) == 200
        for target in (
            "/webhooks/salesforce/a-token-that-nobody-may-read",
            "/answer/a-link-that-nobody-may-read",
        ):
            assert post(port, BODY, target) in {401, 404}
    text = (tmp_path / LOG).read_text()
    events = [orjson.loads(line)["event"] for line in text.splitlines() if line.startswith("{")]
    assert any("Listening at" in event for event in events)  # gunicorn's lines are written as ours are
    assert "nobody-may-read" not in text


def test_the_cap_holds_with_and_without_a_length(port: int):
    full = BODY + b" " * (LIMIT - len(BODY))
    for body, status in ((full, 200), (full + b" ", 413), (full + b" " * 1_000, 413)):
        assert post(port, body) == status
        assert post(port, body, chunked=True) == status


def test_a_body_announced_over_the_cap_is_refused_unread(port: int):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", PATH)
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_that_ends_early_is_refused(port: int):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"POST /webhooks/hubspot HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n[]")
        connection.shutdown(socket.SHUT_WR)
        assert b" 200 " not in connection.recv(1_000)


def test_counts_are_of_all_processes_together(port: int):
    before = accepted(port)
    assert {post(port, BODY) for _ in range(30)} == {200}
    assert accepted(port) == before + 30


def accepted(port: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    counted = re.search(r'^dealgate_requests_total{source="hubspot",status="200"} (\S+)$', text, re.MULTILINE)
    return float(counted[1]) if counted else 0


def test_the_embedded_server_ends_while_a_client_keeps_its_connection(tmp_path: Path):
    with serving("waitress", tmp_path) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
        closing = time.monotonic()
    assert time.monotonic() - closing < 20  # a connection that nobody uses is kept for half a minute
    connection.close()


def test_an_interrupt_ends_the_embedded_server_and_closing_it_again_does_nothing(tmp_path: Path):
    script = (
        "import os, signal, socket, sys, threading, pathlib\n"
        "from tests.webhooks.world import settings, world\n"
        "from webhooks.serve import embedded_server\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "server = embedded_server(world(folder).app, settings(folder, port=0))\n"
        "def interrupt():\n"
        "    with socket.create_connection(('127.0.0.1', server.effective_port)) as one:\n"
        "        one.sendall(b'GET /healthz HTTP/1.0\\r\\n\\r\\n')\n"
        "        one.recv(1)  # it runs\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "threading.Thread(target=interrupt, daemon=True).start()\n"
        "server.run()\n"
        "server.close()\n"
        "print('ended')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=False, capture_output=True, text=True, timeout=60
    )
    assert (ran.stdout, ran.returncode) == ("ended\n", 0), ran.stderr
