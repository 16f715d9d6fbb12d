"""POST /webhooks/hubspot: what is accepted, what is refused, and that nothing accepted is lost."""

from datetime import datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import orjson
import pytest

from connector.deals import ObjectType
from connector.store import Store
from tests.webhooks.world import (
    NORTH,
    NORTH_PORTAL,
    NOW,
    PATH,
    PUBLIC_URL,
    SOUTH,
    SOUTH_PORTAL,
    World,
    account,
    changed,
    headers,
    settings,
    sign,
    stamp,
    world,
)
from webhooks import create_app

BODY = orjson.dumps([changed(31001)])


def test_a_signed_event_rings_its_bell_before_the_answer(edge: World):
    answer = edge.send(changed(31001), changed(31002), changed(31001))
    assert (answer.status_code, answer.json) == (200, {"events": 3})
    assert edge.rung() == {("north", "deal", "31001"), ("north", "deal", "31002")}


def test_the_edge_is_the_same_on_both_databases(tmp_path: Path, database_url: str):
    edge = world(tmp_path, database_url)
    for _ in range(2):
        assert edge.send(changed(1), changed(2)).status_code == 200
    assert edge.rung() == {("north", "deal", "1"), ("north", "deal", "2")}
    assert list(edge.store.changes.heard("north")) == [("deal", changed(1)["propertyName"])]
    assert edge.store.changes.heard("south") == {}
    assert edge.app.test_client().get("/readyz").status_code == 200
    edge.store.close()


def test_an_empty_array_is_accepted(edge: World):
    assert edge.send().status_code == 200
    assert edge.rung() == set()


@pytest.mark.parametrize(
    "change",
    [
        {"X-HubSpot-Signature-v3": None},
        {"X-HubSpot-Signature-v3": ""},
        {"X-HubSpot-Signature-v3": "wrong"},
        {"X-HubSpot-Signature-v3": "\xe9" * 44},
        {"X-HubSpot-Signature-v3": f"{sign(BODY)}, {sign(BODY)}"},
        {"X-HubSpot-Signature-v3": sign(BODY, "another secret")},
        {"X-HubSpot-Request-Timestamp": None},
        {"X-HubSpot-Request-Timestamp": "soon"},
        {"X-HubSpot-Request-Timestamp": "\xe9"},
        headers(BODY, at=stamp(NOW - timedelta(minutes=5, milliseconds=1))),
        headers(BODY, at=stamp(NOW + timedelta(minutes=5, milliseconds=1))),
        headers(BODY, method="PUT"),
        headers(BODY, uri="http://localhost" + PATH),
        headers(b"[]"),
    ],
)
def test_a_wrong_missing_foreign_or_stale_signature_is_401(edge: World, change: dict[str, str | None]):
    given = {name: value for name, value in (headers(BODY) | change).items() if value is not None}
    answer = edge.post(BODY, given)
    assert (answer.status_code, answer.json["reason"]) == (401, "signature-invalid")
    assert edge.rung() == set()


def test_the_host_header_decides_nothing(edge: World):
    forged = headers(BODY, uri="https://evil.example.net" + PATH) | {"Host": "evil.example.net"}
    assert edge.post(BODY, forged | {"X-Forwarded-Host": "evil.example.net"}).status_code == 401
    assert edge.post(BODY, headers(BODY) | {"Host": "evil.example.net"}).status_code == 200


def test_both_secrets_of_a_rotation_are_accepted(tmp_path: Path):
    edge = world(tmp_path, hubspot=(account("north", NORTH_PORTAL, "old", "new"),))
    for secret in ("old", "new"):
        assert edge.post(BODY, headers(BODY, secret)).status_code == 200
    assert edge.post(BODY, headers(BODY, NORTH)).status_code == 401


HOSTILE = {
    "no json": b"deal=1",
    "empty": b"",
    "object": b"{}",
    "numbers": b"[1,2]",
    "not a number": b'[{"portalId":NaN}]',
    "beyond every double": b'[{"objectId":1e400}]',
    "minus infinity": b"[-1e400]",
    "nesting 10,000": b"[" * 10_000 + b"]" * 10_000,
    "nested objects": b'[{"a":' * 5_000 + b"1" + b"}]" * 5_000,
    "lone surrogate": b'[{"sourceId":"\\ud800"}]',
    "not utf-8": b'[{"sourceId":"\xff"}]',
    "byte order mark": b"\xef\xbb\xbf[]",
    "cut": BODY[:-3],
    "two values": b"[][]",
    "nul": b"\x00",
    "digits": b"[" + b"9" * 5_000 + b"]",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_400_and_named(edge: World, body: bytes):
    answer = edge.post(body)
    assert (answer.status_code, answer.json["reason"]) == (400, "not-events")
    assert edge.rung() == set()


ODD = {
    "duplicate keys": b'[{"portalId":1,"portalId":4242001,"subscriptionType":"deal.creation","objectId":1,"objectId":7}]',
    "unknown member": orjson.dumps([changed(7, futureMember={"a": [1]})]),
    "with one unusable": orjson.dumps([{}, changed(7), {"portalId": "x"}, changed(2**53, objectId=None)]),
    "with a huge number": b'[{"x":123456789012345678901234567890},' + orjson.dumps(changed(7)) + b"]",
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_odd_members_cost_no_event(edge: World, body: bytes):
    assert edge.post(body).status_code == 200
    assert edge.rung() == {("north", "deal", "7")}
    assert edge.counted("", "unknown-member") == (b"futureMember" in body or b'"x":' in body)


def test_unknown_portals_and_types_are_accepted_and_counted(edge: World):
    answer = edge.send(
        changed(1, portal=999),
        changed(2, subscriptionType="deal.future"),
        changed(3, objectId="x"),
        changed(4),
    )
    assert answer.status_code == 200
    assert edge.rung() == {("north", "deal", "4")}
    counted = [edge.counted(*labels) for labels in (("", "unknown-portal"), ("north", "unknown-type"), ("north", "malformed"), ("north", "rung"))]  # fmt: skip
    assert counted == [1, 1, 1, 1]


def test_a_secret_rings_no_other_accounts_bell_in_1000_tries(edge: World):
    for deal in range(1, 1_001):
        assert edge.send(changed(deal, portal=SOUTH_PORTAL), secret=NORTH).status_code == 200
    assert edge.rung() == set()
    assert edge.send(changed(1, portal=SOUTH_PORTAL), secret=SOUTH).status_code == 200
    assert edge.rung() == {("south", "deal", "1")}


def test_one_app_in_two_portals_rings_both(tmp_path: Path):
    accounts = (account("north", NORTH_PORTAL, NORTH), account("south", SOUTH_PORTAL, NORTH))
    edge = world(tmp_path, hubspot=accounts)
    assert edge.send(changed(1), changed(1, portal=SOUTH_PORTAL)).status_code == 200
    assert edge.rung() == {("north", "deal", "1"), ("south", "deal", "1")}


def test_a_body_at_the_cap_is_read_and_one_byte_more_is_413(tmp_path: Path):
    edge = world(tmp_path, body_limit=2_000)
    full = BODY[:-1] + b" " * (2_000 - len(BODY)) + b"]"
    assert edge.post(full).status_code == 200
    assert edge.post(full + b" ").status_code == 413


def test_a_body_without_a_length_is_capped_too(tmp_path: Path):
    edge = world(tmp_path, body_limit=2_000)
    stream = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    long = BODY + b" " * 5_000
    answer = edge.app.test_client().post(
        PATH, input_stream=BytesIO(long), headers=headers(long), environ_overrides=stream
    )
    assert answer.status_code == 413
    answer = edge.app.test_client().post(
        PATH, input_stream=BytesIO(BODY), headers=headers(BODY), environ_overrides=stream
    )
    assert answer.status_code == 200


def test_while_the_store_is_down_events_are_refused_with_503_and_taken_later(edge: World):
    with edge.store.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE bells RENAME TO away")
    answer = edge.send(changed(1))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    with edge.store.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO bells")
    assert edge.send(changed(1)).status_code == 200
    assert edge.rung() == {("north", "deal", "1")}


def test_an_unreachable_database_is_503_and_not_ready(tmp_path: Path):
    edge = world(tmp_path)
    gone = Store.open("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    app = create_app(settings(tmp_path), gone, edge.metrics, lambda: NOW)
    client = app.test_client()
    answer = client.post(PATH, data=BODY, headers=headers(BODY))
    assert (answer.status_code, answer.json["reason"]) == (503, "store-unavailable")
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 200


def test_ready_tells_how_long_the_oldest_bell_has_waited(edge: World):
    assert edge.app.test_client().get("/readyz").json == {"status": "ready", "backlog_seconds": 0.0}
    edge.store.bells.ring([("north", ObjectType.DEAL, "1")], NOW - timedelta(seconds=90))
    assert edge.app.test_client().get("/readyz").json == {"status": "ready", "backlog_seconds": 90.0}


def test_metrics_tell_requests_by_answer(edge: World):
    edge.send(changed(1))
    edge.post(BODY, {})
    text = edge.app.test_client().get("/metrics").text
    assert 'dealgate_requests_total{source="hubspot",status="200"} 1.0' in text
    assert 'dealgate_requests_total{source="hubspot",status="401"} 1.0' in text
    assert 'dealgate_webhook_last_timestamp_seconds{account="north"}' in text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("POST", "/webhooks/hubspot/", 404),
        ("POST", "//webhooks/hubspot", 404),
        ("POST", "/webhooks/pipedrive/token", 404),
        ("GET", "/static/x", 404),
        ("GET", PATH, 405),
        ("PUT", PATH, 405),
        ("OPTIONS", PATH, 405),
        ("TRACE", PATH, 405),
        ("POST", "/healthz", 405),
        ("DELETE", "/metrics", 405),
    ],
)
def test_unknown_routes_and_methods_get_small_json_answers(edge: World, method: str, path: str, status: int):
    answer = edge.app.test_client().open(path, method=method)
    assert answer.status_code == status
    assert answer.json["reason"] == {404: "not-found", 405: "method-not-allowed"}[status]
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere", PATH])
def test_every_answer_has_strict_headers_and_no_cookie(edge: World, path: str):
    answer = edge.app.test_client().get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


CARD_ACTS = ("what-if", "ask", "reply", "withdraw", "decide")


def test_the_routes_are_these_and_no_others(edge: World):
    routes = {
        (rule.rule, method) for rule in edge.app.url_map.iter_rules() for method in rule.methods - {"HEAD"}
    }
    assert routes == {
        (PATH, "POST"),
        ("/webhooks/salesforce/<token>", "POST"),
        *(
            (path, method)
            for path in ("/answer/<text>", "/answer/<text>/away")
            for method in ("GET", "POST", "OPTIONS")  # scanners of mails ask for OPTIONS
        ),
        ("/cards/v1/health", "GET"),
        ("/cards/v1/deals/<digits:deal>", "GET"),
        *((f"/cards/v1/deals/<digits:deal>/{act}", "POST") for act in CARD_ACTS),
        ("/healthz", "GET"),
        ("/readyz", "GET"),
        ("/metrics", "GET"),
    }


def test_no_body_no_secret_and_no_signature_reaches_the_log(edge: World, logged: StringIO):
    private = "Acme wants 40 percent off"
    edge.send(changed(1, propertyValue=private))
    edge.post(orjson.dumps({"value": private}))
    edge.post(orjson.dumps([{"value": private}]), {})
    with edge.store.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE bells")
    assert edge.send(changed(77123, propertyValue=private)).status_code == 503
    assert "edge.store-unavailable" in logged.getvalue()
    for never in (private, NORTH, SOUTH, "77123", sign(BODY), PUBLIC_URL):
        assert never not in logged.getvalue()


def test_a_fault_of_ours_is_503_and_its_text_is_not_logged(tmp_path: Path, logged: StringIO):
    def broken_clock() -> datetime:
        raise ValueError("Acme wants 40 percent off")

    edge = world(tmp_path, clock=broken_clock)
    answer = edge.send(changed(1))
    assert (answer.status_code, answer.json["reason"]) == (503, "internal-error")
    assert "ValueError" in logged.getvalue()
    assert "Acme" not in logged.getvalue() + answer.text


def test_a_fault_after_the_bells_rang_is_no_500_either(edge: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("prometheus_client.Gauge.set")
    assert edge.send(changed(1)).status_code == 503
    assert edge.rung() == {("north", "deal", "1")}
