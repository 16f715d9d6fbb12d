"""How the adapter talks: signing in, renewing, giving up, and what each of Salesforce's words means."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import jwt
import orjson
import pytest
import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connector.adapters.base import Call, Fate
from connector.adapters.salesforce import Salesforce
from connector.adapters.salesforce.client import Client, Route
from connector.adapters.salesforce.fates import record_fate
from connector.adapters.salesforce.faults import Rejected, Unsure, judge
from connector.adapters.salesforce.ids import full
from connector.adapters.salesforce.login import ClientCredentials, SignedGrant, fetch
from connector.adapters.salesforce.session import Timed
from connector.adapters.salesforce.soql import select
from connector.deals import OurField
from connector.effects import WriteFields
from connector.errors import CrmRefused, CrmUnavailable
from tests.adapters.salesforce_driver import SalesforceDriver

URL = "https://acme.my.salesforce.com"
DATA = f"{URL}/services/data/v67.0"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORG, USER = "00D5g000004XyZaEAK", "0055g00000AbCdEAAV"
TOKEN = {"access_token": "t1", "instance_url": URL, "id": f"https://login.salesforce.com/id/{ORG}/{USER}"}
DEAL, OTHER = "0065g00000AbCdEAAV", "0065g00000AbCdFAAV"


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def signs_in(wire: responses.RequestsMock, *tokens: str) -> None:
    for token in tokens or ("t1",):
        wire.post(f"{URL}/services/oauth2/token", json={**TOKEN, "access_token": token})


def crm(**settings: Any) -> tuple[Salesforce, list[Call], list[float]]:
    seen: list[Call] = []
    slept: list[float] = []
    given = {
        "account": "acme", "url": URL, "org_id": ORG, "grant": ClientCredentials("id", "secret"),
        "budget": lambda _: 0.0, "observe": seen.append, "sleep": slept.append, "now": lambda: NOW,
    }  # fmt: skip
    return Salesforce(**{**given, **settings}), seen, slept


def client(**settings: Any) -> Client:
    return crm(**settings)[0]._client


def refusal(code: str, message: str = "", fields: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [{"errorCode": code, "message": message, "fields": list(fields)}]


def page(*records: dict[str, Any], following: str = "") -> dict[str, Any]:
    more = {"nextRecordsUrl": following} if following else {}
    return {"totalSize": len(records), "done": not following, "records": list(records), **more}


def test_an_expired_session_is_renewed_once_and_no_header_is_lost(wire: responses.RequestsMock) -> None:
    signs_in(wire, "t1", "t2")
    wire.get(f"{DATA}/query/", status=401, json=refusal("INVALID_SESSION_ID"))
    wire.get(f"{DATA}/query/", json=page({"Id": DEAL}))
    assert client().rows("SELECT Id FROM Opportunity", "Opportunity") == [{"Id": DEAL}]
    first, second = (call.request.headers for call in wire.calls if "query" in call.request.url)
    assert (first["Authorization"], second["Authorization"]) == ("Bearer t1", "Bearer t2")
    assert first["Sforce-Call-Options"] == second["Sforce-Call-Options"] == "client=dealgate"


def test_a_lasting_refusal_of_the_session_ends_after_one_renewal(wire: responses.RequestsMock) -> None:
    signs_in(wire, "t1", "t2", "t3")
    wire.get(f"{DATA}/query/", status=401, json=refusal("INVALID_SESSION_ID", "Session expired or invalid"))
    with pytest.raises(CrmRefused) as told:
        client().rows("SELECT Id FROM Opportunity", "Opportunity")
    assert told.value.reason == "salesforce-session-refused"
    assert len([call for call in wire.calls if "query" in call.request.url]) == 2


@pytest.mark.parametrize("body", ["null", '"gone"', "<html/>", "{}", "[]"])
def test_a_401_in_any_shape_is_a_refusal(wire: responses.RequestsMock, body: str) -> None:
    signs_in(wire)
    wire.get(f"{DATA}/query/", status=401, body=body)
    with pytest.raises((CrmRefused, CrmUnavailable)):
        client().rows("SELECT Id FROM Opportunity", "Opportunity")


def test_many_threads_that_find_the_session_expired_sign_in_once(salesforce: SalesforceDriver) -> None:
    driver = salesforce
    driver.crm.users()
    driver.sandbox.expire_sessions()
    driver.sandbox.counters.reset()
    threads = [threading.Thread(target=lambda: list(driver.crm.open_deals())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert driver.sandbox.calls["POST services/oauth2/token"] == 1


def test_every_request_has_a_timeout_and_follows_no_redirect(wire: responses.RequestsMock) -> None:
    wire.get(URL, status=302, headers={"Location": "https://elsewhere.example.com"})
    answer = Timed((1.0, 2.0)).get(URL)
    assert answer.status_code == 302
    assert wire.calls[0].request.req_kwargs["timeout"] == (1.0, 2.0)


def test_money_is_decimal(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    wire.get(f"{DATA}/query/", body=orjson.dumps(page({"Amount": 0.1})))
    ((row),) = client().rows("SELECT Amount FROM Opportunity", "Opportunity")
    assert row["Amount"] == Decimal("0.1")


def test_further_pages_are_fetched_where_salesforce_says(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    wire.get(f"{DATA}/queryAll/", json=page({"Id": "1"}, following="/services/data/v67.0/queryAll/01g-2000"))
    wire.get(f"{DATA}/queryAll/01g-2000", json=page({"Id": "2"}))
    pages = list(client().pages("SELECT Id FROM Opportunity", "Opportunity", deleted=True))
    assert pages == [[{"Id": "1"}], [{"Id": "2"}]]


def test_a_day_without_calls_left_is_not_waited_for(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    wire.get(
        f"{DATA}/query/", status=403, json=refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    )
    made, _, slept = crm()
    with pytest.raises(CrmUnavailable) as told:
        list(made.open_deals())
    assert told.value.retry_after >= 600
    assert slept == []


def test_the_last_calls_of_the_day_are_left_to_others(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    wire.get(f"{DATA}/query/", json=page(), headers={"Sforce-Limit-Info": "api-usage=96000/100000"})
    clock = [NOW]
    made, seen, _ = crm(now=lambda: clock[0])
    list(made.open_deals())
    assert (made.limits.used, made.limits.total) == (96_000, 100_000)
    with pytest.raises(CrmUnavailable) as told:
        list(made.open_deals())
    assert told.value.reason == "salesforce-calls-nearly-used-up"
    clock[0] += timedelta(seconds=told.value.retry_after)
    list(made.open_deals())  # one is let through, to learn whether it has become better
    assert len(seen) == 2


def test_our_share_of_the_day_follows_the_org(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    wire.get(
        f"{DATA}/query/",
        json=page(),
        headers={"Sforce-Limit-Info": "api-usage=18/144000; per-app-api-usage=1/2(appName=x)"},
    )
    made, _, _ = crm()
    list(made.open_deals())
    assert made.calls_a_minute == pytest.approx(10.0)


def test_calls_are_seen_by_kind_without_ids_or_queries(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    wire.get(f"{DATA}/query/", json=page({"Id": DEAL}))
    made, seen, _ = crm()
    list(made.open_deals())
    assert [(call.method, call.route, call.status) for call in seen] == [("GET", "query Opportunity", 200)]


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


def test_a_jwt_names_the_orgs_own_address_and_is_taken_by_a_clock_that_is_a_minute_behind(
    wire: responses.RequestsMock,
) -> None:
    signs_in(wire)
    token = fetch(Timed((1, 1)), URL, SignedGrant("key", "ops@acme.example", PEM), NOW)
    form = dict(part.split("=", 1) for part in str(wire.calls[0].request.body).split("&"))
    claims = jwt.decode(
        form["assertion"], KEY.public_key(), algorithms=["RS256"], audience=URL, options={"verify_exp": False}
    )
    assert (claims["iss"], claims["sub"]) == ("key", "ops@acme.example")
    behind = NOW - timedelta(minutes=1)
    assert claims["exp"] - behind.timestamp() <= 180  # more is refused
    assert (token.user, token.org) == (USER, ORG)
    assert "t1" not in repr(token)


def test_a_key_that_is_none_is_told_before_anything_is_sent(wire: responses.RequestsMock) -> None:
    broken = SignedGrant(
        "key", "ops@acme.example", "-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----"
    )
    with pytest.raises(CrmRefused) as told:
        fetch(Timed((1, 1)), URL, broken, NOW)
    assert told.value.where == "SALESFORCE_PRIVATE_KEY"
    assert not wire.calls
    assert "nothing" not in str(told.value)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "user hasn't approved this consumer"},
            CrmRefused,
        ),
        (401, {"error": "invalid_client"}, CrmRefused),
        (503, {"error": "server_error"}, CrmUnavailable),
        (400, {"error": "unknown_error", "error_description": "retry your request"}, CrmUnavailable),
        (302, {}, CrmUnavailable),
        (500, {}, CrmUnavailable),
        (200, {}, CrmUnavailable),
    ],
)
def test_what_became_of_signing_in(
    wire: responses.RequestsMock, status: int, body: dict[str, str], kind: type
) -> None:
    wire.post(f"{URL}/services/oauth2/token", status=status, json=body)
    with pytest.raises(kind) as told:
        client().rows("SELECT Id FROM Opportunity", "Opportunity")
    assert "secret" not in str(told.value).replace("its secret or key", "")


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (400, "UNABLE_TO_LOCK_ROW", "", CrmUnavailable),
        (503, "SERVER_UNAVAILABLE", "", CrmUnavailable),
        (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", CrmUnavailable),
        (500, "UNKNOWN_EXCEPTION", "", Unsure),
        (500, "", "", Unsure),
        (400, "INVALID_FIELD", "No such column", Rejected),
        (400, "MALFORMED_QUERY", "", Rejected),
        (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "no", Rejected),
        (403, "INSUFFICIENT_ACCESS", "", CrmRefused),
        (403, "API_DISABLED_FOR_ORG", "", CrmRefused),
        (404, "NOT_FOUND", "", Rejected),
        (410, "UNSUPPORTED_API_VERSION", "This API version is retired", CrmRefused),
        (400, "INVALID_QUERY_LOCATOR", "", CrmUnavailable),
        (400, "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", CrmUnavailable),
        (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Rollup: UNABLE_TO_LOCK_ROW, unable", CrmUnavailable),
    ],
)
def test_a_refused_create_is_judged_by_its_code(status: int, code: str, message: str, kind: type) -> None:
    assert type(judge(status, refusal(code, message), repeatable=False)) is kind


@pytest.mark.parametrize(
    ("code", "fields", "repeatable", "fate"),
    [
        ("UNABLE_TO_LOCK_ROW", (), False, Fate.LATER),
        ("ENTITY_IS_LOCKED", (), True, Fate.LATER),
        ("UNKNOWN_EXCEPTION", (), False, Fate.UNSURE),
        ("UNKNOWN_EXCEPTION", (), True, Fate.LATER),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", ("StageName",), True, Fate.REFUSED),
        ("INSUFFICIENT_ACCESS_OR_READONLY", (), True, Fate.REFUSED),
        ("ENTITY_IS_DELETED", (), True, Fate.STALE),
        ("INVALID_CROSS_REFERENCE_KEY", (), True, Fate.STALE),
        ("INVALID_CROSS_REFERENCE_KEY", ("OwnerId",), False, Fate.REFUSED),
        ("MALFORMED_ID", ("OwnerId",), False, Fate.REFUSED),
        ("CANNOT_EXECUTE_FLOW_TRIGGER", (), True, Fate.REFUSED),
        ("STORAGE_LIMIT_EXCEEDED", (), False, Fate.LATER),
        ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", (), False, Fate.REFUSED),
        ("STRING_TOO_LONG", ("Ops_Readiness_Reason__c",), True, Fate.REFUSED),
        ("SOMETHING_NEW", (), True, Fate.REFUSED),
    ],
)
def test_a_record_that_was_not_saved_has_a_fate(
    code: str, fields: tuple[str, ...], repeatable: bool, fate: Fate
) -> None:
    told = record_fate([{"statusCode": code, "message": "m", "fields": list(fields)}], repeatable=repeatable)
    assert told.fate is fate
    assert told.reason


def test_a_trigger_of_the_customers_that_met_a_locked_row_is_tried_again_and_its_own_no_is_not() -> None:
    codes = ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER")
    for code in codes:
        met = {
            "statusCode": code,
            "message": "Rollup: execution of AfterUpdate caused by: UNABLE_TO_LOCK_ROW",
        }
        said = {"statusCode": code, "message": "Rollup: Ask Finance first."}
        fates = [record_fate([error], repeatable=True).fate for error in (met, said)]
        assert fates == [Fate.LATER, Fate.REFUSED]


def test_an_address_that_is_no_org_is_told_where_to_look(wire: responses.RequestsMock) -> None:
    wire.post(f"{URL}/services/oauth2/token", status=404, body="<html>Not here</html>")
    with pytest.raises(CrmUnavailable) as told:
        client().rows("SELECT Id FROM Opportunity", "Opportunity")
    assert "SALESFORCE_DOMAIN" in told.value.hint


@pytest.mark.parametrize("body", ["{}", "[]", '"gone"', '{"records": []}', "<html/>"])
def test_an_answer_to_a_query_that_holds_no_records_is_no_traceback(
    wire: responses.RequestsMock, body: str
) -> None:
    signs_in(wire)
    wire.get(f"{DATA}/query/", body=body)
    with pytest.raises(CrmUnavailable) as told:
        client().rows("SELECT Id FROM Opportunity", "Opportunity")
    assert told.value.reason == "salesforce-not-json"


def test_a_refusal_does_not_quote_our_query(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    words = "\nSELECT Id, Gone__c FROM Opportunity\n           ^\nERROR at Row:1:Column:12\nNo such column 'Gone__c'"
    wire.get(f"{DATA}/query/", status=400, json=refusal("INVALID_FIELD", words))
    with pytest.raises(CrmRefused) as told:
        client().rows("SELECT Id, Gone__c FROM Opportunity", "Opportunity")
    assert told.value.message.endswith("what we read: No such column 'Gone__c'")
    assert "SELECT" not in str(told.value)


def test_a_connection_that_never_came_about_is_no_unknown_outcome() -> None:
    nowhere = client(url="http://127.0.0.1:1")
    with pytest.raises(CrmUnavailable) as told:
        nowhere.rest(Route("POST", "composite/sobjects Task", repeatable=False), "composite/sobjects", {})
    assert not isinstance(told.value, Unsure)


def test_deals_of_one_account_are_written_one_after_another(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    wire.get(f"{DATA}/sobjects/Opportunity/describe", json={"fields": []})
    wire.patch(
        f"{DATA}/composite/sobjects",
        json=[
            {"id": OTHER, "success": True, "errors": []},
            {"id": DEAL, "success": False, "errors": refusal("X")},
        ],
    )
    made, _, _ = crm()
    made._neighbours.learn([{"Id": DEAL, "AccountId": "001-b"}, {"Id": OTHER, "AccountId": "001-a"}])
    told = made.write_fields([WriteFields(one, {OurField.REASON: "x"}) for one in (DEAL, OTHER)])
    sent = orjson.loads(wire.calls[-1].request.body)
    assert [record["id"] for record in sent["records"]] == [OTHER, DEAL]
    assert [delivery.fate for delivery in told] == [Fate.REFUSED, Fate.DONE]


def test_what_salesforce_says_nothing_of_is_not_done(wire: responses.RequestsMock) -> None:
    signs_in(wire)
    wire.get(f"{DATA}/sobjects/Opportunity/describe", json={"fields": []})
    wire.patch(f"{DATA}/composite/sobjects", json=[{"id": DEAL, "success": True, "errors": []}])
    made, _, _ = crm()
    told = made.write_fields([WriteFields(one, {OurField.REASON: "x"}) for one in (DEAL, OTHER)])
    assert [delivery.fate for delivery in told] == [Fate.DONE, Fate.LATER]


def test_values_enter_a_query_quoted() -> None:
    hostile = "x') OR Name LIKE '%"
    query = select(("Id",), "Task", "Dealgate_Key__c = {} AND WhatId IN {}", hostile, (DEAL, "a'b"))
    assert query == (
        "SELECT Id FROM Task WHERE Dealgate_Key__c = 'x\\') OR Name LIKE \\'%' "
        f"AND WhatId IN ('{DEAL}','a\\'b')"
    )


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("0065g00000AbCdE", "0065g00000AbCdEAAV"),
        ("0065g00000AbCdEAAV", "0065g00000AbCdEAAV"),
        ("0065g00000abcdeAAV", "0065g00000AbCdEAAV"),
        ("0065G00000ABCDEAAV", "0065g00000AbCdEAAV"),
        ("0065g00000AbCdEaav", "0065g00000AbCdEAAV"),
        ("0065g00000AbCdEA9V", None),
        ("0065g00000AbCd", None),
        ("0065g00000AbCdEAAVX", None),
        ("0065g00000AbCd'", None),
        ("٠٠٦5g00000AbCdE", None),
        ("", None),
    ],
)
def test_an_id_has_one_form(text: str, known: str | None) -> None:
    assert full(text) == known
