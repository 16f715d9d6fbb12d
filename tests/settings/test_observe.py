"""Logs and metrics: one event a line, no secrets; one registry for each Metrics."""

import io
import json
import logging
import socketserver
from threading import Thread

import pytest
import requests
import structlog

from connector.observe import Metrics


class Silent(socketserver.StreamRequestHandler):
    """A CRM that has nothing to say."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")


@pytest.fixture
def lines(logged: io.StringIO):
    return lambda: [json.loads(line) for line in logged.getvalue().splitlines()]


def test_an_event_is_one_line_whatever_it_says(lines):
    structlog.get_logger("x").info("deal.moved", deal="31001\nforged line", attempt=2)
    (line,) = lines()
    assert (line["event"], line["deal"], line["attempt"], line["level"]) == (
        "deal.moved",
        "31001\nforged line",
        2,
        "info",
    )
    assert line["timestamp"].endswith("Z")


def test_libraries_log_the_same_way_and_the_level_holds(lines):
    logging.getLogger().setLevel("INFO")
    logging.getLogger("waitress").warning("queue %d", 3)
    structlog.get_logger("x").debug("too.much")
    (line,) = lines()
    assert (line["event"], line["level"]) == ("queue 3", "warning")


def test_at_level_debug_no_query_to_the_crm_is_logged(lines):
    assert logging.getLogger().level == logging.DEBUG
    with socketserver.TCPServer(("127.0.0.1", 0), Silent) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        requests.get(f"http://127.0.0.1:{server.server_address[1]}/query?q=Acme", timeout=5)
        thread.join()
    assert lines() == []


@pytest.mark.parametrize(
    "name", ["body", "token", "access_token", "client_secret", "signature", "authorization", "password"]
)
def test_a_secret_that_somebody_logs_is_left_out(lines, name: str):
    structlog.get_logger("x").info("oops", **{name: "very-secret"})
    logging.getLogger("y").info("oops", extra={name: "very-secret"})
    assert "very-secret" not in json.dumps(lines())


def test_two_metrics_do_not_share_counts():
    first, second = Metrics(), Metrics()
    first.requests.labels("hubspot", "200").inc()
    assert b'dealgate_requests_total{source="hubspot",status="200"} 1.0' in first.exposition()
    assert b"dealgate_requests_total{" not in second.exposition()
