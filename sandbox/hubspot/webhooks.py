"""Webhook delivery: signed, batched, retried; duplicates, disorder, loss on request (reference 2.6)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from sandbox.clock import Clock
from sandbox.hubspot.events import Event
from sandbox.hubspot.subscriptions import Subscription, Subscriptions, of_the_product
from sandbox.sender import Batch, Sender

MOST_RETRIES = 10
_FIRST_GAP_S = 60.0

Message = dict[str, object]


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where to deliver. `public_url` is signed, `url` is called (they differ behind a proxy).

    `subscriptions` None: those of the product.
    """

    url: str
    secret: str
    public_url: str | None = None
    subscriptions: tuple[Subscription, ...] | None = None
    duplicates: float = 0.0
    disorder: float = 0.0
    loss: float = 0.0
    seed: int = 0
    in_flight: int = 10
    timeout_s: float = 10.0


class Webhooks(Sender[Message]):
    """Takes events, delivers them to whoever subscribed."""

    def __init__(self, target: WebhookTarget, portal_id: int, app_id: str, clock: Clock) -> None:
        super().__init__(target, clock)
        self.target = target
        subscribed: Iterable[Subscription] = (
            of_the_product() if target.subscriptions is None else target.subscriptions
        )
        self._subscriptions = Subscriptions(subscribed, portal_id, app_id)

    def tell(self, event: Event) -> None:
        """Take one event; returns at once."""
        with self._news:
            for message in self._subscriptions.payloads(event, self._random.getrandbits(31)):
                self._take(message)

    def _gap(self, batch: Batch[Message]) -> float | None:
        if batch.attempt >= MOST_RETRIES:
            return None
        gap: float = _FIRST_GAP_S * 2**batch.attempt
        return gap * self._random.uniform(0.5, 1.5)

    def _post(self, batch: Batch[Message]) -> bool:
        body = orjson.dumps([{**message, "attemptNumber": batch.attempt} for message in batch.items])
        answer = self._request(body, self._headers(body))
        return answer is not None and answer.status < 300

    def _headers(self, body: bytes) -> dict[str, str]:
        url = self.target.public_url or self.target.url
        stamp = str(self._clock.signing_ms())
        return {
            "Content-Type": "application/json",
            "User-Agent": "HubSpot Connect 2.0 (namespace: webhooks-nio-http-client)",
            "X-HubSpot-Request-Timestamp": stamp,
            "X-HubSpot-Signature": hashlib.sha256(self.target.secret.encode() + body).hexdigest(),
            "X-HubSpot-Signature-Version": "v1",
            "X-HubSpot-Signature-v3": sign(self.target.secret, "POST", url, body, stamp),
            "X-HubSpot-Timeout-Millis": "10000",
        }


def sign(secret: str, method: str, url: str, body: bytes, stamp: str) -> str:
    """Return the v3 signature (reference 3) over a URL without the escapes that HubSpot would decode."""
    text = method.encode() + url.encode() + body + stamp.encode()
    return base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()
