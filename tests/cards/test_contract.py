"""The API keeps to its OpenAPI document, whatever is sent: no server error, no answer that the document does not
know, no answer without a signature."""

import io
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cards.caller import PREFIX, Signing, signing
from tests.worker.play import ANNA, LENA, Play
from webhooks import create_app
from webhooks.cards.openapi import document

HELD = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
ACTIONS = ("what-if", "ask", "reply", "withdraw", "decide")


class Proxy:
    """HubSpot's proxy: whatever the card calls, it appends who the user is and signs it."""

    def __init__(self, app: Any, made: Signing, user: str) -> None:
        self._app, self._made, self._user = app, made, user

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        path = environ["REQUEST_URI"].partition("?")[0].removeprefix(PREFIX)
        target = self._made.target(path, self._user)
        signed = self._made.headers(environ["REQUEST_METHOD"], target, body)
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
        environ |= {
            "REQUEST_URI": target, "RAW_URI": target, "QUERY_STRING": target.partition("?")[2],
            "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)),
        }  # fmt: skip
        return self._app(environ, start)


def edge(play: Play) -> Any:
    app = play.app
    return create_app(app.settings, app.store, app.metrics, app.clock)


def seen_by_a_card(app: Any) -> Any:
    """Return the document without what HubSpot appends, which is not the card's to send."""
    told: Any = document("test")
    for path in told["paths"].values():
        for operation in path.values():
            operation["parameters"] = [one for one in operation["parameters"] if one["in"] == "path"]
            operation.pop("security")
    import schemathesis  # takes long to import

    schema = schemathesis.openapi.from_dict(told)
    schema.app = app
    return schema


def fuzz(play: Play, examples: int, *users: str) -> None:
    """Call every operation so often, half of it as the document says and half as it does not; deals that are
    there among the ids."""
    from schemathesis import GenerationMode

    app, known = edge(play), play.sell(18)
    play.look(known)
    for user in users:
        schema = seen_by_a_card(Proxy(app.wsgi_app, signing(play), user))
        for found in schema.get_all_operations():
            for mode in GenerationMode:
                positive = mode is GenerationMode.POSITIVE
                if positive or "{deal}" in found.ok().path:  # else nothing can be wrong
                    _fuzz(found.ok(), mode, known, examples)


def _fuzz(operation: Any, mode: Any, known: str, examples: int) -> None:
    from schemathesis.checks import CHECKS

    ids = st.one_of(st.just(known), st.none())

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode), deal=ids)
    def hold(case: Any, deal: str | None) -> None:
        if deal is not None and case.path_parameters:
            case.path_parameters["deal"] = deal
        answer = case.call()
        checks = [CHECKS.get_one(name) for name in HELD]
        if answer.status_code in {404, 405}:  # a path or a method that is none of ours
            assert set(answer.json()) == {"reason", "message"}
            return
        case.validate_response(answer, checks=checks)

    hold()


def test_whatever_is_sent_gets_an_answer_that_the_document_knows(play: Play) -> None:
    fuzz(play, 5, ANNA)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_is_sent_gets_an_answer_that_the_document_knows_a_thousand_times(play: Play) -> None:
    fuzz(play, 500, ANNA, LENA)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_call_without_a_signature_is_answered(play: Play, data: st.DataObject) -> None:
    client, made = edge(play).test_client(), signing(play)
    deal = data.draw(st.sampled_from(["1", "20000001", "9" * 20]))
    action = data.draw(st.sampled_from(["", *(f"/{one}" for one in ACTIONS)]))
    method, body = ("POST", data.draw(st.binary(max_size=40))) if action else ("GET", b"")
    target = made.target(f"/deals/{deal}{action}", data.draw(st.sampled_from([ANNA, LENA])))
    headers = made.headers(method, target, body)
    spoilt = data.draw(st.sampled_from(["signature", "timestamp", "body", "query", "path", "none"]))
    if spoilt == "signature":
        place = data.draw(st.integers(0, 43))
        name = "X-HubSpot-Signature-v3"
        headers[name] = headers[name][:place] + "!" + headers[name][place + 1 :]
    elif spoilt == "timestamp":
        headers["X-HubSpot-Request-Timestamp"] = data.draw(st.text("0123456789", max_size=15))
    elif spoilt == "body":
        body += data.draw(st.binary(min_size=1, max_size=5))
    elif spoilt == "query":
        target = target.replace(ANNA, "9999").replace(LENA, "9999")
    elif spoilt == "path":
        target = target.replace(f"/deals/{deal}", f"/deals/{int(deal) - 1}")
    else:
        headers = {}
    answer = client.open(target, method=method, data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["reason"]) == (401, "signature-invalid")


def test_the_document_is_valid_and_names_every_route(play: Play) -> None:
    from openapi_spec_validator import validate

    told: Any = document("test")
    validate(told)
    routes = {
        (rule.rule.replace("<digits:deal>", "{deal}"), method.lower())
        for rule in edge(play).url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, methods in told["paths"].items() for method in methods}
