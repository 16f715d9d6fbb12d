"""A card in small: it calls as HubSpot's proxy does, with the user's identity appended and all of it signed."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import orjson
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.worker.play import Play, now
from webhooks import create_app

PREFIX = "/cards/v1"


@dataclass(frozen=True)
class Signing:
    """What HubSpot signs with and appends."""

    public_url: str
    secret: str
    portal: str
    app: str = "77001"

    def target(self, path: str, user: str, **appended: str) -> str:
        """Return the path and query that are called."""
        said = {
            "userId": user,
            "portalId": self.portal,
            "userEmail": f"u{user}@example.com",
            "appId": self.app,
        }
        return f"{PREFIX}{path}?{urlencode({**said, **appended}, safe='@')}"

    def headers(self, method: str, target: str, body: bytes, at: datetime | None = None) -> dict[str, str]:
        """Return the headers of this very call."""
        stamp = str(int((at or now()).timestamp() * 1000))
        text = method.encode() + f"{self.public_url}{target}".encode() + body + stamp.encode()
        mac = hmac.new(self.secret.encode(), text, hashlib.sha256).digest()
        return {
            "X-HubSpot-Request-Timestamp": stamp,
            "X-HubSpot-Signature-v3": base64.b64encode(mac).decode(),
            "Content-Type": "application/json",
        }


@dataclass(frozen=True)
class Card:
    """The card of one user."""

    client: FlaskClient
    signing: Signing
    user: str
    clock: Callable[[], datetime] = now

    def get(self, path: str) -> TestResponse:
        target = self.signing.target(path, self.user)
        return self.client.get(target, headers=self.signing.headers("GET", target, b"", self.clock()))

    def post(self, path: str, body: Mapping[str, object] | bytes) -> TestResponse:
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        target = self.signing.target(path, self.user)
        return self.client.post(
            target, data=data, headers=self.signing.headers("POST", target, data, self.clock())
        )

    def deal(self, deal: str) -> dict[str, object]:
        answer = self.get(f"/deals/{deal}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        shown: dict[str, object] = answer.get_json()
        return shown

    def do(self, deal: str, action: str, **body: object) -> dict[str, object]:
        answer = self.post(f"/deals/{deal}/{action}", body)
        assert answer.status_code == 202, answer.get_data(as_text=True)
        told: dict[str, object] = answer.get_json()
        return told


def signing(play: Play) -> Signing:
    """Return how HubSpot signs for this play's account."""
    (account,) = play.app.settings.hubspot
    url, secret = play.app.settings.public_url, account.client_secrets[-1]
    return Signing(url, secret, account.portal_id, account.app_id or "77001")


def card(play: Play, user: str) -> Card:
    """Return the card of a user of this play."""
    app = play.app
    client = create_app(app.settings, app.store, app.metrics, app.clock).test_client()
    return Card(client, signing(play), user)
