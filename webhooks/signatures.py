"""Decide who signed a request. Pure; nothing here raises, whatever the headers hold."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)
_WINDOW_MS = WINDOW / timedelta(milliseconds=1)

Keys = Mapping[str, hmac.HMAC]  # by secret

# HubSpot decodes these twelve before it signs, and nothing else:
# https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
_DECODED = {
    "%3A": ":",
    "%2F": "/",
    "%3F": "?",
    "%40": "@",
    "%21": "!",
    "%24": "$",
    "%27": "'",
    "%28": "(",
    "%29": ")",
    "%2A": "*",
    "%2C": ",",
    "%3B": ";",
}
_ENCODED = re.compile("|".join(_DECODED))
_MILLISECONDS = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Signed:
    """What HubSpot's v3 signature covers. Text is latin-1, as WSGI hands it over; `uri` is the whole
    URL as it was called: the configured public address and the raw request target."""

    method: str
    uri: str
    body: bytes
    timestamp: str | None
    signature: str | None


def keys(secrets: Iterable[str]) -> Keys:
    """Prepare each distinct secret once: setting up HMAC-SHA256 costs more than a small body."""
    return {secret: hmac.new(secret.encode(), digestmod=hashlib.sha256) for secret in secrets}


def signer(request: Signed, keys: Keys, now: datetime) -> str | None:
    """Return the secret that signed the request within five minutes of `now`, or None.

    Every distinct secret is tried, and each is compared in constant time, so the time taken tells neither
    how much of a signature was right nor whose it was.
    """
    timestamp, given = request.timestamp or "", _bytes(request.signature or "")
    signed = b"".join((_bytes(request.method), _bytes(decoded(request.uri)), request.body, _bytes(timestamp)))
    found = None
    for secret, key in keys.items():
        if hmac.compare_digest(_signature(signed, key), given):
            found = secret
    return found if _fresh(timestamp, now) else None


def _signature(signed: bytes, key: hmac.HMAC) -> bytes:
    """Return base64 of HMAC-SHA256."""
    mac = key.copy()
    mac.update(signed)
    return base64.b64encode(mac.digest())


def decoded(uri: str) -> str:
    """Decode the twelve sequences that HubSpot decodes, once."""
    return _ENCODED.sub(lambda found: _DECODED[found[0]], uri)


def _fresh(timestamp: str, now: datetime) -> bool:
    if not _MILLISECONDS.fullmatch(timestamp):
        return False
    age = now.timestamp() * 1000 - int(timestamp)
    return abs(age) <= _WINDOW_MS


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")
