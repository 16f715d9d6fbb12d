"""Bytes to HubSpot and back: the vendor's client where it has the path, our own session where it has not."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from string import Formatter
from typing import Any
from urllib.parse import quote

import orjson
import requests
import urllib3
from requests.adapters import HTTPAdapter

from connector.adapters.hubspot.paths import Route
from connector.adapters.outbound import authorities, proxies, proxy_headers, proxy_to

CONNECTIONS = 8
_NEVER_LEFT = (
    *(urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError),
    *(urllib3.exceptions.ProxyError, requests.ConnectTimeout, requests.exceptions.ProxyError),
)


class Unsent(Exception):
    """The request did not leave: no connection, or the proxy made none."""


class Unanswered(Exception):
    """The request may have arrived; no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whatever its status. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Held:
    """One method of the vendor's client, bound once, for each attribute path makes a new connection pool."""

    send: Callable[..., Any]
    fault: type[Exception]


class Transport:
    """Send one request at a time per caller; safe for several threads. Tries once: no retries here."""

    def __init__(self, url: str, access_token: str, timeout: tuple[float, float]) -> None:
        self.url = url.rstrip("/")
        self._token = access_token
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc entry would replace our token
        self._session.proxies = proxies(self.url)
        self._session.verify = authorities() or True
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._held: dict[str, _Held] = {}

    def send(self, route: Route, path: tuple[str, ...], query: Mapping[str, Any], body: Any) -> Reply:
        """Send and return the reply; raise Unsent or Unanswered where there is none."""
        try:
            if route.sdk is None:
                return self._by_session(route, path, query, body)
            return self._by_sdk(route.sdk, path, query, body)
        except (urllib3.exceptions.HTTPError, requests.RequestException) as fault:
            raise (Unsent if isinstance(fault, _NEVER_LEFT) else Unanswered)(type(fault).__name__) from fault

    def _by_sdk(self, name: str, path: tuple[str, ...], query: Mapping[str, Any], body: Any) -> Reply:
        held = self._held.get(name) or self._hold(name)
        inputs = path if body is None else (*path, body)
        try:
            raw = held.send(*inputs, **query, _preload_content=False, _request_timeout=self._timeout)
        except held.fault as fault:
            return _refusal(fault)
        except AttributeError as fault:  # the client trips over a TLS error: it has no body to decode
            if isinstance(fault.__context__, held.fault):
                raise Unsent("TLS") from fault
            raise
        return Reply(raw.status, _lowered(raw.headers), raw.data)

    def _hold(self, name: str) -> _Held:
        import hubspot

        proxy = proxy_to(self.url)
        client = hubspot.HubSpot(
            access_token=self._token,
            host=self.url,
            retry=False,
            connection_pool_maxsize=CONNECTIONS,
            proxy=proxy,
            proxy_headers=proxy_headers(proxy),
            ssl_ca_cert=authorities(),
        )
        api, method = name.rsplit(".", 1)
        owner = attrgetter(api)(client)
        package = type(owner).__module__.split(".api.")[0]
        held = _Held(getattr(owner, method), importlib.import_module(f"{package}.exceptions").ApiException)
        self._held[name] = held
        return held

    def _by_session(self, route: Route, path: tuple[str, ...], query: Mapping[str, Any], body: Any) -> Reply:
        answer = self._session.request(
            route.method,
            self.url + fill(route.template, path),
            params=dict(query),
            data=None if body is None else orjson.dumps(body),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            timeout=self._timeout,
            allow_redirects=False,
        )
        return Reply(answer.status_code, _lowered(answer.headers), answer.content)


def fill(template: str, path: tuple[str, ...]) -> str:
    """Put the values into the template's places, in order."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    return template.format(**{name: quote(value, safe="") for name, value in zip(names, path, strict=True)})


def _refusal(fault: Any) -> Reply:
    if not fault.status:
        raise Unsent("TLS") from fault
    body = fault.body or b""
    raw = body if isinstance(body, bytes) else body.encode()
    return Reply(fault.status, _lowered(fault.headers or {}), raw)


def _lowered(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}
