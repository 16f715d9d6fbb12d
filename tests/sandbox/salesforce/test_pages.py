"""Records as pages read and write them (UI API): strict about fields, permissions, types and rules."""

from collections.abc import Iterator

import pytest
import requests

from sandbox.salesforce.sandbox import SalesforceSandbox
from tests.sandbox.salesforce.conftest import ANNA, MIA, PACKAGE


@pytest.fixture(scope="module")
def crm() -> Iterator[SalesforceSandbox]:
    with SalesforceSandbox() as sandbox:
        sandbox.deploy(PACKAGE)
        yield sandbox


@pytest.fixture
def deal(crm: SalesforceSandbox) -> str:
    return crm.act_as(MIA).create_opportunity({"Name": "Acme", "StageName": "proposal", "Amount": 900})


def call(crm: SalesforceSandbox, user: str, method: str, path: str, **given: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {crm.sign_in(user)}"}
    url = f"{crm.url}/services/data/v67.0/ui-api/{path}"
    return requests.request(method, url, headers=headers, timeout=10, **given)  # type: ignore[arg-type]


def save(crm: SalesforceSandbox, user: str, record: str, **fields: object) -> requests.Response:
    return call(crm, user, "PATCH", f"records/{record}", json={"fields": fields})


def test_a_page_saves_and_reads_fields_by_name(crm: SalesforceSandbox, deal: str) -> None:
    saved = save(crm, MIA, deal, Amount=1200.5, CloseDate="2027-01-31", NextStep=None)
    assert saved.status_code == 200
    assert saved.json()["fields"]["Amount"] == {"displayValue": None, "value": 1200.5}
    asked = "fields=Opportunity.Name,Opportunity.Amount&optionalFields=Opportunity.Nowhere__c,Opportunity.CloseDate"
    read = call(crm, MIA, "GET", f"records/{deal}?{asked}").json()
    assert (read["id"], read["apiName"]) == (deal, "Opportunity")
    values = {name: one["value"] for name, one in read["fields"].items()}
    assert values == {"Name": "Acme", "Amount": 1200.5, "CloseDate": "2027-01-31"}


def test_a_field_that_the_user_may_not_see_is_left_out_where_optional_and_refused_where_not(
    crm: SalesforceSandbox, deal: str
) -> None:
    stranger = "automatedprocess@example.com"
    assert (
        call(crm, stranger, "GET", f"records/{deal}?optionalFields=Opportunity.Blocked__c").json()["fields"]
        == {}
    )
    refused = call(crm, stranger, "GET", f"records/{deal}?fields=Opportunity.Blocked__c")
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALID_FIELD")
    assert call(crm, MIA, "GET", f"records/{deal}").status_code == 400


@pytest.mark.parametrize(
    ("fields", "code", "at"),
    [
        ({"Nowhere__c": 1}, "INVALID_FIELD", None),
        ({"Blocked__c": ";contract;"}, "INVALID_FIELD_FOR_INSERT_UPDATE", "Blocked__c"),
        ({"Id": "006000000000001AAA"}, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id"),
        ({"Amount": "1200"}, "INVALID_TYPE_ON_FIELD_IN_RECORD", "Amount"),
        ({"CloseDate": "31.1.2027"}, "JSON_PARSER_ERROR", None),
    ],
)
def test_a_refused_save_says_why_as_an_error_with_output(
    crm: SalesforceSandbox, deal: str, fields: dict[str, object], code: str, at: str | None
) -> None:
    refused = save(crm, MIA, deal, **fields)
    output = refused.json()["output"]
    told = output["fieldErrors"][at] if at else output["errors"]
    assert (refused.status_code, told[0]["errorCode"]) == (400, code)


@pytest.mark.parametrize(
    "body", [{}, {"fields": 7}, {"fields": {}, "apiName": "Opportunity"}, {"fields": {}, "x": 1}, []]
)
def test_a_body_that_is_no_update_is_refused(crm: SalesforceSandbox, deal: str, body: object) -> None:
    assert call(crm, MIA, "PATCH", f"records/{deal}", json=body).json()[0]["errorCode"] == "JSON_PARSER_ERROR"


def test_records_that_are_not_there_and_callers_who_are_not_signed_in(
    crm: SalesforceSandbox, deal: str
) -> None:
    assert save(crm, MIA, "006000000000001AAA", Amount=1).status_code == 404
    crm.act_as(MIA).delete(deal)
    assert save(crm, MIA, deal, Amount=1).json()[0]["errorCode"] == "ENTITY_IS_DELETED"
    url = f"{crm.url}/services/data/v67.0/ui-api/records/{deal}"
    assert requests.patch(url, json={"fields": {}}, timeout=10).status_code == 401


def test_object_info_says_which_fields_this_user_may_write(crm: SalesforceSandbox) -> None:
    info = {user: call(crm, user, "GET", "object-info/Task").json()["fields"] for user in (MIA, ANNA)}
    assert [info[user].get("Decision__c", {}).get("updateable") for user in (MIA, ANNA)] == [None, True]
    assert info[ANNA]["Key__c"]["updateable"] is False
