"""One signed-in session of simple-salesforce, renewed by whoever finds it expired first."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce as Client

from connector.adapters.outbound import authorities, proxies
from connector.adapters.salesforce.login import Grant, Token, fetch

VERSION = "67.0"  # generally available in Summer '26, supported for three years
CONNECTIONS = 8


class Timed(requests.Session):
    """A session that waits for nothing for ever: simple-salesforce itself sets no timeout anywhere."""

    def __init__(self, timeout: tuple[float, float]) -> None:
        super().__init__()
        self.trust_env = False  # a .netrc entry would replace our token
        self.verify = authorities() or True
        self.told: str | None = None  # the time by the other side's clock, as the last answer had it
        self._timeout = timeout
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS))

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """Send with our timeout where the caller names none, and follow no redirect with our token."""
        ours = {"proxies": proxies(url), "allow_redirects": False}
        answer = super().request(method, url, **{"timeout": self._timeout, **kwargs, **ours})
        self.told = answer.headers.get("Date")
        return answer


class Held:
    """One token and the client that carries it."""

    def __init__(self, token: Token, session: requests.Session) -> None:
        self.token = token
        self.client = Client(
            session_id=token.access,
            instance_url=token.url,
            version=VERSION,
            session=session,
            parse_float=Decimal,
            object_pairs_hook=dict,
        )
        # The library writes https:// before every host; a sandbox on this machine speaks http.
        self.client.base_url = f"{token.url}/services/data/v{VERSION}/"
        # Set here and not with each call, where the library loses them on a retry.
        self.client.headers = {
            "Authorization": f"Bearer {token.access}",
            "Content-Type": "application/json",
            "Sforce-Call-Options": "client=dealgate",
        }

    @property
    def usage(self) -> Mapping[str, Any]:
        return dict(self.client.api_usage)


class SignedIn:
    """The session of one account. The library is given a token and never signs in itself: its own renewal
    drops headers, and its per-object calls never stop on a lasting 401."""

    def __init__(
        self, url: str, grant: Grant, timeout: tuple[float, float], now: Callable[[], datetime]
    ) -> None:
        self._url = url.rstrip("/")
        self._grant = grant
        self._now = now
        self._session = Timed(timeout)
        self._lock = threading.Lock()
        self._held: Held | None = None

    @property
    def told(self) -> str | None:
        """Return the time of the last answer, as Salesforce wrote it."""
        return self._session.told

    def get(self) -> Held:
        """Return the session in use, signing in where there is none."""
        held = self._held
        return held if held is not None else self.renewed(None)

    def renewed(self, expired: Held | None) -> Held:
        """Return another session than the one that expired; of many who ask at once, one signs in."""
        with self._lock:
            if self._held is None or self._held is expired:
                self._held = None
                token = fetch(self._session, self._url, self._grant, self._now())
                self._held = Held(token, self._session)
            return self._held
