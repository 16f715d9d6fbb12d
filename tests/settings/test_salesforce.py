"""Settings of a Salesforce org: variables, tables, and what a wrong one says."""

from pathlib import Path

import pytest

from connector.errors import ConfigurationError
from connector.settings import SalesforceAccount, describe, read_settings
from tests.settings.test_settings import HUBSPOT, TWO, VARIABLES, refused, with_file

TOKEN, NEXT = "t" * 43, "n" * 43
SALESFORCE = {
    "SALESFORCE_DOMAIN": "acme",
    "SALESFORCE_ORG_ID": "00D5g000004XyZaEAK",
    "SALESFORCE_CLIENT_ID": "3MVG9-key",
    "SALESFORCE_CLIENT_SECRET": "client-very-secret",
    "SALESFORCE_WEBHOOK_TOKEN": TOKEN,
}
KEY = "-----BEGIN PRIVATE KEY-----\nvery-secret\n-----END PRIVATE KEY-----"


def org(environ: dict[str, str], directory: Path) -> SalesforceAccount:
    (account,) = read_settings(environ, directory).salesforce
    return account


def test_the_salesforce_variables_make_one_org(tmp_path: Path):
    account = org(SALESFORCE, tmp_path)
    assert (account.name, account.crm, account.tenant) == ("salesforce", "salesforce", "00D5g000004XyZa")
    assert account.url == "https://acme.my.salesforce.com"
    assert account.webhook_tokens == (TOKEN,)
    assert account.policy == tmp_path / "policy.yaml"


@pytest.mark.parametrize(
    ("domain", "url"),
    [
        ("acme.my", "https://acme.my.salesforce.com"),
        ("Acme", "https://acme.my.salesforce.com"),
        ("acme--uat.sandbox", "https://acme--uat.sandbox.my.salesforce.com"),
        ("acme.my.salesforce.com", "https://acme.my.salesforce.com"),
    ],
)
def test_a_domain_in_every_spelling_is_one_address(tmp_path: Path, domain: str, url: str):
    assert org(SALESFORCE | {"SALESFORCE_DOMAIN": domain}, tmp_path).url == url


def test_an_address_takes_the_place_of_the_domain(tmp_path: Path):
    given = {name: value for name, value in SALESFORCE.items() if name != "SALESFORCE_DOMAIN"}
    assert (
        org(given | {"SALESFORCE_INSTANCE_URL": "http://127.0.0.1:9/"}, tmp_path).url == "http://127.0.0.1:9"
    )
    assert "SALESFORCE_DOMAIN: is not set" in refused(given, tmp_path)


def test_a_key_takes_the_place_of_the_secret(tmp_path: Path):
    given = {name: value for name, value in SALESFORCE.items() if name != "SALESFORCE_CLIENT_SECRET"}
    signed = {"SALESFORCE_USERNAME": "ops@acme.example", "SALESFORCE_PRIVATE_KEY": KEY}
    assert org(given | signed, tmp_path).private_key == KEY
    for name in signed:
        half = {one: value for one, value in signed.items() if one != name}
        assert "SALESFORCE_CLIENT_SECRET: is not set" in refused(given | half, tmp_path)


def test_two_tokens_and_several_loaders(tmp_path: Path):
    account = org(
        SALESFORCE
        | {
            "SALESFORCE_WEBHOOK_TOKEN": f"{TOKEN}, {NEXT}",
            "SALESFORCE_IMPORT_USERS": "a@x.example, b@x.example",
        },
        tmp_path,
    )
    assert account.webhook_tokens == (TOKEN, NEXT)
    assert account.importers == ("a@x.example", "b@x.example")


def test_both_crms_stand_side_by_side(tmp_path: Path):
    settings = read_settings(HUBSPOT | SALESFORCE, tmp_path)
    assert [account.name for account in settings.accounts] == ["hubspot", "salesforce"]
    with pytest.raises(ConfigurationError, match="hubspot, salesforce"):
        settings.account()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SALESFORCE_DOMAIN", "https://acme"),
        ("SALESFORCE_INSTANCE_URL", "acme.my.salesforce.com"),
        ("SALESFORCE_ORG_ID", "0055g000004XyZaEAK"),
        ("SALESFORCE_ORG_ID", "00D5g00000"),
        ("SALESFORCE_WEBHOOK_TOKEN", "short"),
        ("SALESFORCE_WEBHOOK_TOKEN", "ü" * 43),
        ("SALESFORCE_WEBHOOK_TOKEN", f"{TOKEN},{TOKEN},{TOKEN}"),
        ("SALESFORCE_PRIVATE_KEY", "key.pem"),
        ("SALESFORCE_IMPORT_USERS", "a@x.example,,b@x.example"),
    ],
)
def test_a_wrong_value_names_the_variable_and_what_is_allowed(tmp_path: Path, name: str, value: str):
    said = refused(SALESFORCE | {name: value}, tmp_path)
    row = next(row for row in describe() if row.name == name)
    assert f"{name}: found " in said
    assert f"allowed: {row.allowed}" in said
    assert (repr(value) in said) != row.secret


def test_secrets_are_in_no_repr(tmp_path: Path):
    signed = {"SALESFORCE_USERNAME": "ops@acme.example", "SALESFORCE_PRIVATE_KEY": KEY}
    shown = repr(read_settings(SALESFORCE | signed, tmp_path))
    assert "very-secret" not in shown
    assert TOKEN not in shown


WEST = """
[accounts.west]
crm = "salesforce"
domain = "acme"
org_id = "00D5g000004XyZaEAK"
client_id = "key"
client_secret = "$WEST_SECRET"
webhook_token = "$WEST_TOKEN"
"""
WITH_WEST = VARIABLES | {"WEST_SECRET": "w-very-secret", "WEST_TOKEN": TOKEN}


def test_a_table_names_its_crm(tmp_path: Path):
    settings = with_file(tmp_path, TWO + WEST, WITH_WEST)
    assert [account.name for account in settings.accounts] == ["north", "south", "west"]
    assert settings.account("west").crm == "salesforce"


@pytest.mark.parametrize(
    ("name", "crm", "said"),
    [
        ("west", "hubspot", "west is an account of salesforce. Configured: north, south."),
        ("east", "hubspot", "no account is named 'east'. Configured: north, south."),
        (None, "hubspot", "there is more than one account: say which by --account NAME. Configured: north, south."),
        (None, None, "there is more than one account: say which by --account NAME. Configured: north, south, west."),
    ],
)  # fmt: skip
def test_an_account_that_does_not_fit_the_command_is_told(
    tmp_path: Path, name: str | None, crm: str | None, said: str
):
    with pytest.raises(ConfigurationError) as caught:
        with_file(tmp_path, TWO + WEST, WITH_WEST).account(name, crm)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WEST.replace('"$WEST_TOKEN"', f'"{TOKEN}"'), "dealgate.toml [accounts.west] webhook_token: is a secret"),
        (WEST.replace("domain", "portal_id"), "dealgate.toml [accounts.west] portal_id: is not known here"),
        (WEST.replace('domain = "acme"\n', ""), "dealgate.toml [accounts.west] domain: is not set"),
        (WEST + WEST.replace("west]", "east]").replace("EAK", ""), "dealgate.toml org_id: 00D5g000004XyZa stands in 2 tables"),
        (WEST.replace('"salesforce"', '"siebel"'), 'found \'siebel\'; allowed: "hubspot" or "salesforce"'),
    ],
)  # fmt: skip
def test_a_wrong_table_says_where_and_what(tmp_path: Path, text: str, said: str):
    with pytest.raises(ConfigurationError) as caught:
        with_file(tmp_path, text, WITH_WEST)
    assert said in str(caught.value)
    assert TOKEN not in str(caught.value)
