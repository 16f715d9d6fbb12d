"""Getting a token: client credentials, or a JWT signed with our own key. No password ever, no SOAP login.

https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flows.htm
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
import requests

from connector.adapters.salesforce.ids import full
from connector.errors import CrmError, CrmRefused, CrmUnavailable

PATH = "/services/oauth2/token"
_VALID = timedelta(minutes=2)  # Salesforce accepts three: our clock may be ahead of its
_PASSING = frozenset({"", "unknown_error", "server_error", "temporarily_unavailable"})
_HINT = "Look at SALESFORCE_CLIENT_ID, its secret or key, and the run-as user of the external client app."
_ADDRESS = "Look at SALESFORCE_DOMAIN or SALESFORCE_INSTANCE_URL, at the network, and at HTTPS_PROXY if set."


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The app's own id and secret; the app names the user as whom we act."""

    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedGrant:
    """A user who agreed to the app beforehand, vouched for by our private key (PEM)."""

    client_id: str
    username: str
    private_key: str = field(repr=False)


Grant = ClientCredentials | SignedGrant


@dataclass(frozen=True, slots=True)
class Token:
    """Who we are for a while. `url` is the org's own address; `user` and `org` are 18-character ids."""

    access: str = field(repr=False)
    url: str
    user: str | None
    org: str | None


def fetch(session: requests.Session, url: str, grant: Grant, now: datetime) -> Token:
    """Return a new token; CrmRefused where Salesforce does not let us in, CrmUnavailable where it is away."""
    try:
        answer = session.post(
            url + PATH, data=_form(grant, url, now), auth=_basic(grant), allow_redirects=False
        )
    except requests.RequestException as fault:
        message = f"Salesforce cannot be reached at {url} ({type(fault).__name__})."
        raise CrmUnavailable(message, hint=_ADDRESS, reason="salesforce-unreachable") from fault
    told = _json(answer)
    if answer.status_code != 200 or not told.get("access_token"):
        raise _refusal(answer.status_code, told)
    org, user = _identity(str(told.get("id") or ""))
    return Token(str(told["access_token"]), str(told.get("instance_url") or url).rstrip("/"), user, org)


def _form(grant: Grant, url: str, now: datetime) -> dict[str, str]:
    if isinstance(grant, ClientCredentials):
        return {"grant_type": "client_credentials"}
    # Audience and host are both the org's own address: sandboxes refuse the generic ones.
    claims = {
        "iss": grant.client_id,
        "sub": grant.username,
        "aud": url,
        "exp": int((now + _VALID).timestamp()),
    }
    try:
        assertion = jwt.encode(claims, grant.private_key, algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError) as fault:
        message = "The private key is no RSA key in PEM form."
        raise CrmRefused(message, where="SALESFORCE_PRIVATE_KEY", reason="salesforce-key-invalid") from fault
    return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}


def _basic(grant: Grant) -> tuple[str, str] | None:
    return (grant.client_id, grant.secret) if isinstance(grant, ClientCredentials) else None


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _refusal(status: int, told: dict[str, Any]) -> CrmError:
    if status >= 500 or status == 429 or told.get("error", "") in _PASSING:
        hint = "" if status >= 500 or told else _ADDRESS  # a page without JSON may be somebody else's
        return CrmUnavailable(
            f"Salesforce's sign-in answered {status}.", hint=hint, reason="salesforce-sign-in-down"
        )
    said = f"{told['error']}: {told.get('error_description') or 'no reason given'}"[:300]
    return CrmRefused(
        f"Salesforce does not let us in ({said}).", hint=_HINT, reason="salesforce-sign-in-refused"
    )


def _identity(url: str) -> tuple[str | None, str | None]:
    """Return org and user of an identity URL: https://.../id/00D.../005..."""
    ends = url.rstrip("/").split("/")[-2:]
    org, user = ends if len(ends) == 2 else ("", "")
    return full(org), full(user)
