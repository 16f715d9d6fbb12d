"""Behind a proxy: calls to both CRMs go through the one that the environment names, and only those."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from connector.adapters.outbound import authorities, proxy_to
from connector.errors import ConfigurationError, CrmUnavailable
from tests.adapters.hubspot_driver import HubSpotDriver
from tests.adapters.salesforce_driver import SalesforceDriver

OUTSIDE = "http://crm.example"
VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")


class Proxy(ThreadingHTTPServer):
    """A proxy on this machine: takes what is meant for OUTSIDE to `target`, refuses every tunnel."""

    daemon_threads = True

    def __init__(self, target: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.target = target
        self.passed: list[str] = []
        self.known_as: set[str | None] = set()

    @property
    def address(self) -> str:
        return f"http://clerk:geheim@127.0.0.1:{self.server_port}"


class Passing(BaseHTTPRequestHandler):
    server: Proxy

    def pass_on(self) -> None:
        self.server.passed.append(self.path)
        self.server.known_as.add(self.headers["Proxy-Authorization"])
        for name in ("Proxy-Authorization", "Host", "Accept-Encoding"):
            del self.headers[name]
        given = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        there = self.path.replace(OUTSIDE, self.server.target)
        with requests.Session() as direct:
            direct.trust_env = False
            answer = direct.request(self.command, there, data=given, headers=dict(self.headers), timeout=5)
        body = answer.content.replace(self.server.target.encode(), OUTSIDE.encode())
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = pass_on  # noqa: N815

    def do_CONNECT(self) -> None:
        self.server.passed.append(self.path)
        self.send_error(407)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


CLERK = "Basic Y2xlcms6Z2VoZWlt"  # clerk:geheim


def test_hubspot_is_reached_through_the_proxy_of_the_environment(
    hubspot: HubSpotDriver, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = hubspot.new_deal("Acme", "discovery")
    monkeypatch.setenv("HTTP_PROXY", proxy.address)
    proxy.target = hubspot.sandbox.url
    crm = hubspot.connect(api_url=OUTSIDE)
    assert [one.id for one in crm.read_deals([deal], hubspot.wanted).deals] == [deal]
    assert any("associations" in one for one in proxy.passed)  # by our own session
    assert any("objects/deals" in one for one in proxy.passed)  # by the vendor's client
    assert proxy.known_as == {CLERK}


def test_salesforce_is_reached_through_the_proxy_of_the_environment(
    salesforce: SalesforceDriver, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = salesforce.new_deal("Acme", "discovery")
    monkeypatch.setenv("HTTP_PROXY", proxy.address)
    proxy.target = salesforce.sandbox.url
    crm = salesforce.connect(url=OUTSIDE)
    assert [one.id for one in crm.read_deals([deal], salesforce.wanted).deals] == [deal]
    assert any("oauth2/token" in one for one in proxy.passed)
    assert any("/query" in one for one in proxy.passed)
    assert proxy.known_as == {CLERK}


def test_a_proxy_that_lets_nobody_through_says_that_nothing_was_sent(
    hubspot: HubSpotDriver, salesforce: SalesforceDriver, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.address)
    outside = OUTSIDE.replace("http", "https")
    for crm, reason in (
        (hubspot.connect(api_url=outside), "hubspot-unreachable"),
        (salesforce.connect(url=outside), "salesforce-unreachable"),
    ):
        with pytest.raises(CrmUnavailable) as told:
            crm.pipelines()
        assert told.value.reason == reason
        assert "HTTPS_PROXY" in str(told.value)
        assert "geheim" not in str(told.value)
    assert set(proxy.passed) == {"crm.example:443"}


def test_this_machine_and_hosts_of_no_proxy_are_reached_directly(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    monkeypatch.setenv("HTTP_PROXY", "proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", ".salesforce.com")
    for direct in (
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:9",
        "https://a.my.salesforce.com",
    ):
        assert proxy_to(direct) is None
    assert proxy_to("https://api.hubapi.com") == "http://proxy.example:3128"


def test_the_authorities_of_the_environment_are_those_of_both_crms(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert authorities() is None
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        file = tmp_path / name
        file.write_text("")
        monkeypatch.setenv(name, str(file))
        assert authorities() == str(file)


def test_a_proxy_or_a_file_of_certificates_that_is_none_is_told(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, hubspot: HubSpotDriver, salesforce: SalesforceDriver
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://clerk:geheim@proxy.example")
    with pytest.raises(ConfigurationError) as told:
        proxy_to("https://api.hubapi.com")
    assert "found socks5://proxy.example; allowed: http(s)://HOST:PORT" in str(told.value)
    assert "geheim" not in str(told.value)
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such.pem")
    for connect in (hubspot.connect, salesforce.connect):
        with pytest.raises(ConfigurationError, match=r"SSL_CERT_FILE: there is no /no/such\.pem"):
            connect()
