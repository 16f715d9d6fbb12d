"""HubSpot's error bodies, in its own words."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

JsonObject = dict[str, object]


@dataclass(slots=True, eq=False)
class HubSpotError(Exception):
    """An answer with an error body. `extra` holds the optional members: context, errors, subCategory."""

    status: int
    message: str
    category: str
    extra: Mapping[str, object] = field(default_factory=dict)

    def body(self) -> JsonObject:
        """Return the whole body of a single call."""
        return {
            "status": "error",
            "message": self.message,
            "correlationId": str(uuid.uuid4()),
            "category": self.category,
            **self.extra,
        }

    def row(self, context: Mapping[str, object]) -> JsonObject:
        """Return the entry of a 207 body for one input."""
        known = self.extra.get("context")
        merged = {**known, **context} if isinstance(known, dict) else dict(context)
        rest = {name: value for name, value in self.extra.items() if name != "context"}
        return {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": merged,
            **rest,
        }


@dataclass(frozen=True, slots=True)
class PropertyProblem:
    """One property of a write that HubSpot does not take."""

    name: str
    code: str
    message: str


def invalid(message: str, **extra: object) -> HubSpotError:
    """A call that HubSpot cannot make sense of."""
    return HubSpotError(400, message, "VALIDATION_ERROR", extra)


def not_found(message: str, **extra: object) -> HubSpotError:
    return HubSpotError(404, message, "OBJECT_NOT_FOUND", extra)


def invalid_properties(problems: Sequence[PropertyProblem]) -> HubSpotError:
    """Refuse property values: the problems stand as JSON inside the message, and once more as `errors`."""
    rows = [
        {
            "isValid": False,
            "message": problem.message,
            "error": problem.code,
            "name": problem.name,
            "localizedErrorMessage": problem.message,
        }
        for problem in problems
    ]
    return invalid(
        f"Property values were not valid: {orjson.dumps(rows).decode()}",
        errors=[
            {"message": p.message, "code": p.code, "context": {"propertyName": [p.name]}} for p in problems
        ],
    )


def missing_properties(kind: str, names: Sequence[str]) -> HubSpotError:
    """Refuse a create that lacks what the object must have."""
    return invalid(
        f"Error creating {kind}. Some required properties were not set.", context={"properties": list(names)}
    )


def rate_limited(policy: str, message: str) -> HubSpotError:
    """The 429 body; policies TEN_SECONDLY_ROLLING, SECONDLY and DAILY."""
    return HubSpotError(
        429,
        message,
        "RATE_LIMITS",
        {"errorType": "RATE_LIMIT", "policyName": policy, "requestId": uuid.uuid4().hex},
    )


def expired_token() -> HubSpotError:
    return HubSpotError(
        401,
        "The OAuth token used to make this call expired 2 hour(s) ago.",
        "EXPIRED_AUTHENTICATION",
        {"context": {"expire time": ["2026-01-01T00:00:00Z"]}},
    )


def unauthenticated() -> HubSpotError:
    return HubSpotError(
        401,
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find "
        "more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        "INVALID_AUTHENTICATION",
    )


def missing_scopes(scope: str) -> HubSpotError:
    message = f"This app hasn't been granted all required scopes to make this call. Required: [{scope}]."
    return HubSpotError(
        403,
        message,
        "MISSING_SCOPES",
        {"errors": [{"message": message, "context": {"requiredGranularScopes": [scope]}}]},
    )
