"""Tokens as simple-salesforce asks for them: client credentials and JWT bearer, and sessions that end."""

import time
from collections.abc import Iterator

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceExpiredSession

from sandbox.faults import Fault, FaultKind
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed import ADMIN, INTEGRATION
from sandbox.salesforce.tokens import JWT_BEARER, ConnectedApp

from .conftest import VERSION, Loopback, connect

AUDIENCE = "https://brightline.my.salesforce.com"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def locked(key: rsa.RSAPrivateKey) -> Iterator[SalesforceSandbox]:
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with SalesforceSandbox(connected_app=ConnectedApp(public_key=public.decode())) as sandbox:
        yield sandbox


def pem(key: rsa.RSAPrivateKey) -> str:
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, *kinds).decode()


def by_jwt(crm: SalesforceSandbox, key: rsa.RSAPrivateKey, username: str = INTEGRATION) -> Salesforce:
    return Salesforce(
        username=username,
        consumer_key=crm.connected_app.client_id,
        privatekey=pem(key),
        domain="brightline.my",
        session=Loopback(crm.url),
        version=VERSION,
    )


def test_client_credentials_act_as_the_run_as_user(crm: SalesforceSandbox, integration: str) -> None:
    me = connect(crm).oauth2("userinfo")
    assert me["user_id"] == integration
    assert me["organization_id"] == crm.organization


def test_the_answer_names_the_instance(crm: SalesforceSandbox) -> None:
    app = crm.connected_app
    answer = requests.post(
        f"{crm.url}/services/oauth2/token",
        {"grant_type": "client_credentials"},
        auth=(app.client_id, app.client_secret),
        timeout=5,
    ).json()
    assert answer["instance_url"] == crm.url
    assert answer["token_type"] == "Bearer"
    assert answer["id"].endswith(f"{crm.organization}/{crm.user(INTEGRATION)}")


@pytest.mark.parametrize(
    ("given", "code"),
    [({"consumer_key": "other"}, "invalid_client_id"), ({"consumer_secret": "other"}, "invalid_client")],
)
def test_wrong_credentials_are_refused(crm: SalesforceSandbox, given: dict, code: str) -> None:
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        connect(crm, **given)
    assert refused.value.code == code


def test_an_assertion_is_taken_for_its_user(locked: SalesforceSandbox, key: rsa.RSAPrivateKey) -> None:
    assert by_jwt(locked, key).oauth2("userinfo")["preferred_username"] == INTEGRATION


def test_an_assertion_for_a_user_who_is_not_approved_is_refused(
    locked: SalesforceSandbox, key: rsa.RSAPrivateKey
) -> None:
    with (
        pytest.warns(UserWarning, match="authorize this"),
        pytest.raises(SalesforceAuthenticationFailed) as refused,
    ):
        by_jwt(locked, key, ADMIN)
    assert refused.value.code == "invalid_grant"


def test_an_assertion_of_another_key_is_refused(locked: SalesforceSandbox) -> None:
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        by_jwt(locked, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert refused.value.auth_message == "invalid assertion"


@pytest.mark.parametrize(
    ("claims", "problem"),
    [
        ({"aud": "https://login.salesforce.com"}, "audience is invalid"),
        ({"exp": 1}, "invalid assertion"),
        ({"exp": int(time.time()) + 3600}, "invalid assertion"),
        ({"exp": "soon"}, "invalid assertion"),
        ({"iss": "other"}, "client identifier invalid"),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(
    locked: SalesforceSandbox, key: rsa.RSAPrivateKey, claims: dict, problem: str
) -> None:
    right = {"iss": "sandbox-client", "sub": INTEGRATION, "aud": AUDIENCE, "exp": int(time.time()) + 120}
    form = {"grant_type": JWT_BEARER, "assertion": jwt.encode(right | claims, key, "RS256")}
    answer = requests.post(f"{locked.url}/services/oauth2/token", form, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error_description"] == problem


@pytest.mark.parametrize("form", [{}, {"grant_type": "password"}, {"grant_type": JWT_BEARER}])
def test_no_other_grant_works(crm: SalesforceSandbox, form: dict) -> None:
    answer = requests.post(f"{crm.url}/services/oauth2/token", form, timeout=5)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "error_description"}


def test_an_ended_session_is_a_401_and_the_client_signs_in_again(
    crm: SalesforceSandbox, sf: Salesforce
) -> None:
    crm.expire_sessions()
    assert sf.query("SELECT Id FROM Organization")["totalSize"] == 1
    assert crm.calls["POST services/oauth2/token"] == 2


def test_a_session_ends_after_its_time(crm: SalesforceSandbox) -> None:
    direct = Salesforce(
        session_id=connect(crm).session_id, instance_url=crm.url, session=Loopback(crm.url), version=VERSION
    )
    assert direct.limits()
    crm.clock.advance(7201)
    with pytest.raises(SalesforceExpiredSession) as ended:
        direct.limits()
    assert ended.value.content == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]


def test_a_fault_at_the_token_endpoint_answers_as_oauth_does(crm: SalesforceSandbox) -> None:
    crm.faults.set([Fault(FaultKind.UNAVAILABLE, "POST services/oauth2/token")])
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        connect(crm)
    assert refused.value.code == "temporarily_unavailable"


def test_the_list_of_versions_needs_no_token(crm: SalesforceSandbox) -> None:
    versions = requests.get(f"{crm.url}/services/data/", timeout=5).json()
    assert {"label": "Summer '26", "url": "/services/data/v67.0", "version": "67.0"} in versions


@pytest.mark.parametrize(("version", "status"), [("30.0", 410), ("99.0", 404), ("x", 404)])
def test_versions_that_are_not_there(
    crm: SalesforceSandbox, sf: Salesforce, version: str, status: int
) -> None:
    sent = {"Authorization": f"Bearer {sf.session_id}"}
    answer = requests.get(f"{crm.url}/services/data/v{version}/limits", headers=sent, timeout=5)
    assert answer.status_code == status
