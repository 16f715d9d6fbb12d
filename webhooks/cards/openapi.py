"""The card's API as an OpenAPI 3 document, made from the schemas that hold it."""

from collections.abc import Mapping
from http import HTTPStatus

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema
from marshmallow.fields import Field

from webhooks.answers import Limit
from webhooks.cards.routes import PREFIX
from webhooks.cards.schemas import (
    AskSchema,
    CardSchema,
    DecideSchema,
    ErrorSchema,
    HealthSchema,
    NotedSchema,
    ReplySchema,
    Scalar,
    WhatIfSchema,
    WithdrawSchema,
)

Json = dict[str, object]
_ID = {"type": "string", "pattern": "^[0-9]{1,20}$"}
_DEAL: Json = {"name": "deal", "in": "path", "required": True, "schema": _ID}
_APPENDED: tuple[Json, ...] = tuple(
    {"name": name, "in": "query", "required": True, "schema": {"type": "string", "minLength": 1}}
    for name in ("userId", "portalId", "userEmail", "appId")
)
_ANYWHERE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)
_OF_DEAL = (*_ANYWHERE, HTTPStatus.NOT_FOUND)
_OF_FORM = (
    *_OF_DEAL, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)  # fmt: skip


def document(version: str) -> Mapping[str, object]:
    """Return the document. Every call is signed as HubSpot does it (v3), for which OpenAPI has no scheme."""
    plugin = MarshmallowPlugin()
    spec = APISpec("Dealgate card API", version, "3.1.0", plugins=[plugin])
    if plugin.converter is not None:  # it is there once the document is
        plugin.converter.add_attribute_function(_scalars)  # type: ignore[no-untyped-call]
    spec.components.security_scheme(
        "hubspot-v3", {"type": "apiKey", "in": "header", "name": "X-HubSpot-Signature-v3"}
    )
    deal = f"{PREFIX}/deals/{{deal}}"
    _path(spec, f"{PREFIX}/health", "get", _operation("How the connection is", HealthSchema, _ANYWHERE))
    _path(spec, deal, "get", _operation("Show the deal as it was last seen", CardSchema, _OF_DEAL), _DEAL)
    think = _operation("Show the deal with other values", CardSchema, _OF_FORM, WhatIfSchema)
    _path(spec, f"{deal}/what-if", "post", think, _DEAL)
    for name, about, form in (
        ("ask", "Ask for a decision", AskSchema),
        ("reply", "Answer a question", ReplySchema),
        ("withdraw", "Take the questions back", WithdrawSchema),
        ("decide", "Decide, or ask the rep", DecideSchema),
    ):
        said = _operation(about, NotedSchema, _OF_FORM, form, status=HTTPStatus.ACCEPTED)
        _path(spec, f"{deal}/{name}", "post", said, _DEAL)
    return dict(spec.to_dict())


def _path(spec: APISpec, path: str, method: str, operation: Json, *parameters: Json) -> None:
    signed: Json = {**operation, "parameters": [*parameters, *_APPENDED], "security": [{"hubspot-v3": []}]}
    spec.path(path=path, operations={method: signed})


def _operation(
    about: str,
    answer: type[Schema],
    refusals: tuple[HTTPStatus, ...],
    form: type[Schema] | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Json:
    answers = {str(int(status)): _content(status.phrase, answer)}
    answers |= {str(int(one)): _content(one.phrase, ErrorSchema) for one in sorted(refusals)}
    operation: Json = {"summary": about, "responses": answers}
    if form is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": form}}}
    return operation


def _content(about: str, schema: type[Schema]) -> Json:
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _scalars(_: object, field: Field[object], **__: object) -> Json:
    """Say what the fields of our own kinds take."""
    if isinstance(field, Scalar):
        return {"type": ["string", "number", "boolean", "null"]}
    return {"type": ["string", "number", "null"]} if isinstance(field, Limit) else {}
