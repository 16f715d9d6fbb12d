"""Access tokens: two OAuth grants, and sessions that end."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt

from sandbox.clock import Clock
from sandbox.salesforce.errors import JsonObject

_MOST_LIFE_S = 300  # three minutes as documented, and as much again for clocks that differ
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class ConnectedApp:
    """The customer's app. `public_key` (PEM) verifies assertions; `run_as` is the username that client
    credentials stand for; `approved` usernames may be asserted."""

    client_id: str = "sandbox-client"
    client_secret: str = "sandbox-secret"  # noqa: S105 - opens nothing but this sandbox
    public_key: str = ""
    run_as: str = "dealgate.integration@example.com"
    approved: frozenset[str] = frozenset({"dealgate.integration@example.com"})


class OAuthError(Exception):
    """A refused grant, in the words of RFC 6749."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.status = status
        self.error = error
        self.description = description

    def body(self) -> JsonObject:
        return {"error": self.error, "error_description": self.description}


@dataclass(slots=True)
class Tokens:
    """Sessions of one org. Guarded by the org's lock."""

    app: ConnectedApp
    clock: Clock
    session_s: float
    audiences: set[str]
    _sessions: dict[str, tuple[str, int]] = field(default_factory=dict)

    def username(self, form: Mapping[str, str], authorization: str) -> str:
        """Return for whom a token may be issued, or refuse the grant."""
        grant = form.get("grant_type", "")
        if grant == "client_credentials":
            return self._by_credentials(form, authorization)
        if grant == JWT_BEARER:
            return self._by_assertion(form.get("assertion", ""))
        raise OAuthError("unsupported_grant_type", "grant type not supported")

    def issue(self, org: str, user: str) -> str:
        """Begin a session of a user."""
        token = f"{org[:15]}!AQ{secrets.token_urlsafe(60)}"
        self._sessions[token] = (user, self.clock.now_ms() + int(self.session_s * 1000))
        return token

    def user(self, authorization: str) -> str | None:
        """Return whose session a header names; None where it has ended or never was."""
        kind, _, token = authorization.partition(" ")
        user, until = self._sessions.get(token, ("", 0))
        return user if kind == "Bearer" and user and self.clock.now_ms() < until else None

    def expire(self) -> None:
        """End all sessions."""
        self._sessions.clear()

    def _by_credentials(self, form: Mapping[str, str], authorization: str) -> str:
        given = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
        if given[0] != self.app.client_id:
            raise OAuthError("invalid_client_id", "client identifier invalid")
        if given[1] != self.app.client_secret:
            raise OAuthError("invalid_client", "invalid client credentials", 401)
        return self.app.run_as

    def _by_assertion(self, assertion: str) -> str:
        claims = self._verified(assertion)
        if claims.get("iss") != self.app.client_id:
            raise OAuthError("invalid_client_id", "client identifier invalid")
        if claims.get("aud") not in self.audiences:
            raise OAuthError("invalid_grant", "audience is invalid")
        now = self.clock.now_ms() / 1000
        if not now < _seconds(claims.get("exp")) <= now + _MOST_LIFE_S:
            raise OAuthError("invalid_grant", "invalid assertion")
        username = str(claims.get("sub"))
        if username not in self.app.approved:
            raise OAuthError("invalid_grant", "user hasn't approved this consumer")
        return username

    def _verified(self, assertion: str) -> Mapping[str, object]:
        # Times are checked against the sandbox's clock, not the library's.
        unchecked = jwt.types.Options(verify_aud=False, verify_exp=False, verify_iat=False, verify_nbf=False)
        try:
            found = jwt.decode(assertion, self.app.public_key, algorithms=["RS256"], options=unchecked)
        except (jwt.PyJWTError, ValueError):
            raise OAuthError("invalid_grant", "invalid assertion") from None
        return dict(found)


def _seconds(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


def _basic(authorization: str) -> tuple[str, str] | None:
    kind, _, rest = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(rest, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret
