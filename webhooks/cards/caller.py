"""Who calls: the account by the secret that signed, the user by the signed query and by nothing else.

HubSpot appends userId, portalId, userEmail and appId to the URL that the card asks for and signs all of it:
https://developers.hubspot.com/docs/apps/developer-platform/add-features/ui-extensions/fetching-data
The card runs in the user's browser, so he may have written a userId of his own before it: one that stands
there twice proves nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qsl

from connector.settings.records import HubSpotAccount
from webhooks.hubspot import UNSIGNED, Portals
from webhooks.signatures import Keys, Signed, signer

_APPENDED = ("userId", "portalId", "userEmail", "appId")


@dataclass(frozen=True, slots=True)
class Caller:
    """A user of one account. `call` stands for this very call: the same signature, the same call."""

    account: HubSpotAccount
    user: str
    call: str


@dataclass(slots=True)
class Refused(Exception):
    """The call is not answered: its status, the reason for machines and the message for people."""

    status: HTTPStatus
    reason: str
    message: str


def caller(call: Signed, portals: Mapping[str, Portals], keys: Keys, now: datetime) -> Caller:
    """Return who signed this call; Refused where nobody is proved."""
    secret = signer(call, keys, now)
    if secret is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "signature-invalid", UNSIGNED)
    said = _appended(call.uri)
    account = portals[secret].get(said["portalId"])
    if account is None:
        raise Refused(HTTPStatus.FORBIDDEN, "portal-unknown", "This portal is not connected.")
    if account.app_id is not None and said["appId"] != account.app_id:
        raise Refused(HTTPStatus.FORBIDDEN, "app-unknown", "The call comes from another app.")
    if not (said["userId"].isascii() and said["userId"].isdecimal()):
        raise Refused(HTTPStatus.FORBIDDEN, "user-unknown", "HubSpot does not say which user calls.")
    return Caller(account, said["userId"], sha256((call.signature or "").encode()).hexdigest()[:32])


def _appended(uri: str) -> Mapping[str, str]:
    """Return what HubSpot appended, each of it there exactly once."""
    _, _, query = uri.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    found = {name: [value for key, value in pairs if key == name] for name in _APPENDED}
    if any(len(values) != 1 for values in found.values()):
        message = f"Each of {', '.join(_APPENDED)} must stand in the query once, as HubSpot appends them."
        raise Refused(HTTPStatus.FORBIDDEN, "caller-unclear", message)
    return {name: value for name, (value,) in found.items()}
