"""The way out of the operator's network: which proxy, and whose certificates are trusted.

The variables are those that curl and most other programs read: https://docs.python-requests.org/en/latest/user/advanced/#proxies
"""

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy

from connector.errors import ConfigurationError

_AUTHORITIES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")


def proxy_to(url: str) -> str | None:
    """Return the proxy for this address: HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY excepts the
    host. This machine is always reached directly."""
    if _is_this_machine(urlsplit(url).hostname or ""):
        return None
    proxy: str | None = select_proxy(url, get_environ_proxies(url))
    if not proxy:
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    parts = urlsplit(proxy)
    if parts.scheme in ("http", "https") and parts.hostname:
        return proxy
    found = f"found {parts.scheme}://{parts.hostname or ''}; allowed: http(s)://HOST:PORT"
    raise ConfigurationError(found, where="HTTPS_PROXY, HTTP_PROXY or ALL_PROXY")


def proxies(url: str) -> dict[str, str]:
    """Return the same as requests wants it."""
    return {"all": proxy} if (proxy := proxy_to(url)) else {}


def proxy_headers(proxy: str | None) -> Mapping[str, str] | None:
    """Return the header that carries the name and password of the proxy's address."""
    return HTTPAdapter().proxy_headers(proxy) if proxy else None


def authorities() -> str | None:
    """Return the file of certificates that the environment names in place of the usual ones."""
    name = next((name for name in _AUTHORITIES if os.environ.get(name)), "")
    path = os.environ.get(name)
    if path and not Path(path).exists():
        raise ConfigurationError(f"there is no {path}; allowed: a file of certificates (PEM)", where=name)
    return path


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
