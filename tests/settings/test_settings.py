"""Settings: what is read, from where, and what a wrong one says."""

from pathlib import Path

import pytest

from connector.errors import ConfigurationError
from connector.settings import Settings, describe, read_settings
from connector.settings.describe import as_markdown

HUBSPOT = {
    "HUBSPOT_ACCESS_TOKEN": "pat-very-secret",
    "HUBSPOT_CLIENT_SECRET": "client-very-secret",
    "HUBSPOT_PORTAL_ID": "4242001",
}


def refused(environ: dict[str, str], directory: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_settings(environ, directory)
    assert caught.value.reason == "configuration-invalid"
    return str(caught.value)


def test_nothing_set_gives_the_defaults_of_one_box(tmp_path: Path):
    settings = read_settings({}, tmp_path)
    assert settings.database_url == "sqlite:///dealgate.db"
    assert settings.embedded
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.policy == tmp_path / "policy.yaml"
    assert (settings.connect_timeout, settings.read_timeout) == (5, 30)
    assert settings.body_limit == 1_048_576
    assert settings.smtp_url is None
    assert settings.hubspot == ()


def test_the_hubspot_variables_make_one_account(tmp_path: Path):
    account = read_settings(HUBSPOT | {"HUBSPOT_APP_ID": "77001"}, tmp_path).account()
    assert (account.name, account.portal_id, account.app_id) == ("hubspot", "4242001", "77001")
    assert account.api_url == "https://api.hubapi.com"
    assert account.policy == tmp_path / "policy.yaml"


def test_two_secrets_stand_side_by_side_during_rotation(tmp_path: Path):
    settings = read_settings(HUBSPOT | {"HUBSPOT_CLIENT_SECRET": "old, new"}, tmp_path)
    assert settings.account().client_secrets == ("old", "new")


def test_the_environment_wins_over_dotenv_and_empty_is_unset(tmp_path: Path):
    (tmp_path / ".env").write_text(
        "DEALGATE_POLICY=from-file.yaml\nDEALGATE_BIND=0.0.0.0:9000\nDEALGATE_SMTP_URL=\n"
    )
    settings = read_settings({"DEALGATE_BIND": "127.0.0.1:9001", "DEALGATE_POLICY": ""}, tmp_path)
    assert settings.port == 9001
    assert settings.policy == tmp_path / "policy.yaml"
    assert settings.smtp_url is None


def test_dotenv_keeps_dollar_signs_of_secrets(tmp_path: Path):
    (tmp_path / ".env").write_text(
        "".join(f"{name}={value}$HOME${{X}}\n" for name, value in HUBSPOT.items()).replace(
            "4242001$HOME${X}", "7"
        )
    )
    assert read_settings({}, tmp_path).account().access_token == "pat-very-secret$HOME${X}"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_database_urls_that_hosts_hand_out_name_the_driver(tmp_path: Path, scheme: str):
    settings = read_settings({"DATABASE_URL": f"{scheme}://u:p@h/d"}, tmp_path)
    assert settings.database_url == "postgresql+psycopg://u:p@h/d"
    assert not settings.embedded


WRONG = [
    ("DATABASE_URL", "mysql://h/d"),
    ("DEALGATE_PUBLIC_URL", "ops.example.com"),
    ("DEALGATE_PUBLIC_URL", "ftp://ops.example.com"),
    ("DEALGATE_PUBLIC_URL", "https://ops.example.com?x=1"),
    ("DEALGATE_PUBLIC_URL", "https://ops.example.com:99999"),
    ("DEALGATE_PUBLIC_URL", "https://[broken"),
    ("DEALGATE_BIND", "8080"),
    ("DEALGATE_BIND", "localhost:http"),
    ("DEALGATE_BIND", "localhost:70000"),
    ("DEALGATE_SMTP_URL", "mail.example.com"),
    ("DEALGATE_MAIL_FROM", "nobody"),
    ("DEALGATE_MAIL_FROM", "a@example.com\nBcc: b@example.com"),
    ("DEALGATE_CONNECT_TIMEOUT", "0"),
    ("DEALGATE_READ_TIMEOUT", "soon"),
    ("DEALGATE_READ_TIMEOUT", "nan"),
    ("DEALGATE_READ_TIMEOUT", "inf"),
    ("DEALGATE_LEASE_SECONDS", "-1"),
    ("DEALGATE_SWEEP_SECONDS", "1e9"),
    ("DEALGATE_MAX_ATTEMPTS", "2.5"),
    ("DEALGATE_BODY_LIMIT", "1MB"),
    ("DEALGATE_WEB_WORKERS", "0"),
    ("DEALGATE_LOG_LEVEL", "loud"),
    ("DEALGATE_LOG_JSON", "perhaps"),
    ("HUBSPOT_PORTAL_ID", "acme"),
    ("HUBSPOT_PORTAL_ID", "٣"),
    ("HUBSPOT_CLIENT_SECRET", "a,b,c"),
    ("HUBSPOT_CLIENT_SECRET", "a,"),
    ("HUBSPOT_APP_ID", "-7"),
    ("HUBSPOT_API_URL", "api.hubapi.com"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_names_the_variable_what_was_found_and_what_is_allowed(
    tmp_path: Path, name: str, value: str
):
    said = refused(HUBSPOT | {name: value}, tmp_path)
    row = next(row for row in describe() if row.name == name)
    assert f"{name}: found " in said
    assert f"allowed: {row.allowed}" in said
    assert "1 setting is wrong" in said
    assert (repr(value) in said) != row.secret


def test_all_wrong_values_are_told_at_once(tmp_path: Path):
    said = refused({name: value for name, value in WRONG if name != "DEALGATE_LEASE_SECONDS"}, tmp_path)
    names = {name for name, _ in WRONG} - {"DEALGATE_LEASE_SECONDS"}
    assert all(f"\n  {name}: " in said for name in names)
    assert f"{len(names) + 1} settings are wrong" in said  # and the token, which is not set


def test_a_lease_must_outlast_a_call(tmp_path: Path):
    said = refused({"DEALGATE_LEASE_SECONDS": "35"}, tmp_path)
    assert "DEALGATE_LEASE_SECONDS: found 35; allowed: more than both timeouts, 35" in said
    assert read_settings(
        {"DEALGATE_LEASE_SECONDS": "2", "DEALGATE_CONNECT_TIMEOUT": "0.5", "DEALGATE_READ_TIMEOUT": "1"},
        tmp_path,
    )


def test_a_missing_part_of_an_account_is_told_once_the_account_is_begun(tmp_path: Path):
    said = refused({"HUBSPOT_PORTAL_ID": "1"}, tmp_path)
    assert "HUBSPOT_ACCESS_TOKEN: is not set" in said
    assert "HUBSPOT_CLIENT_SECRET: is not set" in said


TWO = """
[accounts.north]
crm = "hubspot"
portal_id = 4242001
access_token = "$NORTH_TOKEN"
client_secret = "$NORTH_SECRET"

[accounts.south]
portal_id = "$SOUTH_PORTAL"
access_token = "$SOUTH_TOKEN"
client_secret = "$SOUTH_SECRET"
policy = "south.yaml"
"""
VARIABLES = {
    "NORTH_TOKEN": "n-very-secret",
    "NORTH_SECRET": "ns-very-secret",
    "SOUTH_PORTAL": "4242002",
    "SOUTH_TOKEN": "s-very-secret",
    "SOUTH_SECRET": "ss-very-secret",
}


def with_file(directory: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    (directory / "dealgate.toml").write_text(text)
    return read_settings(VARIABLES if environ is None else environ, directory)


def test_dealgate_toml_names_several_accounts(tmp_path: Path):
    settings = with_file(tmp_path, TWO, VARIABLES | HUBSPOT)
    assert [account.name for account in settings.hubspot] == ["north", "south"]
    assert settings.account("south").portal_id == "4242002"
    assert settings.account("south").client_secrets == ("ss-very-secret",)
    assert settings.account("south").policy == tmp_path / "south.yaml"
    assert settings.account("north").policy == tmp_path / "policy.yaml"


def test_which_account_must_be_said_where_there_are_several(tmp_path: Path):
    settings = with_file(tmp_path, TWO)
    for name in (None, "east"):
        with pytest.raises(ConfigurationError, match="north, south"):
            settings.account(name)


def test_without_an_account_the_way_to_one_is_told(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="HUBSPOT_ACCESS_TOKEN"):
        read_settings({}, tmp_path).account()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TWO.replace('"$NORTH_TOKEN"', '"pat-in-the-open"'), "dealgate.toml [accounts.north] access_token: is a secret"),
        (TWO.replace("NORTH_TOKEN", "NORTH_TOKN"), "dealgate.toml [accounts.north] access_token: refers to $NORTH_TOKN, which is not set"),
        (TWO.replace("policy =", "polcy ="), "dealgate.toml [accounts.south] polcy: is not known here"),
        (TWO.replace("4242001", "4242002"), "dealgate.toml portal_id: 4242002 stands in 2 tables (north, south)"),
        (TWO.replace("4242001", "-1"), "dealgate.toml [accounts.north] portal_id: found '-1'"),
        (TWO.replace("4242001", "[1]"), "dealgate.toml [accounts.north] portal_id: found [1]"),
        (TWO.replace('"hubspot"', '"pipedrive"'), "dealgate.toml [accounts.north] crm: found 'pipedrive'"),
        (TWO.replace("accounts.north", "accounts.North!"), "dealgate.toml: cannot be read"),
        (TWO.replace("accounts.north", 'accounts."No rth"'), "allowed: a table, named with small letters"),
        ("[servers]\na = 1\n", "dealgate.toml servers: is not known here"),
        ("", "dealgate.toml: holds no [accounts.NAME] table"),
        ("accounts = 3", "dealgate.toml: holds no [accounts.NAME] table"),
        ("\x00", "dealgate.toml: cannot be read"),
    ],
)  # fmt: skip
def test_a_wrong_file_says_where_and_what(tmp_path: Path, text: str, said: str):
    with pytest.raises(ConfigurationError) as caught:
        with_file(tmp_path, text)
    assert said in str(caught.value)
    assert "pat-in-the-open" not in str(caught.value)


def test_secrets_are_in_no_repr_and_no_message(tmp_path: Path):
    settings = with_file(
        tmp_path,
        TWO,
        VARIABLES
        | {"DATABASE_URL": "postgresql://u:very-secret@h/d", "DEALGATE_SMTP_URL": "smtp://u:very-secret@h"},
    )
    assert "very-secret" not in repr(settings) + str(settings.hubspot)
    (tmp_path / "dealgate.toml").unlink()
    wrong = {
        "HUBSPOT_CLIENT_SECRET": "very-secret,very-secret,very-secret",
        "DATABASE_URL": "oops://u:very-secret@h",
        "DEALGATE_SMTP_URL": "very-secret",
    }
    assert "very-secret" not in refused(HUBSPOT | wrong, tmp_path)


def test_the_documentation_is_made_from_the_schemas():
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    assert page.read_text() == as_markdown(), "run: python -m connector.settings > docs/settings.md"


def test_the_names_of_the_design_are_all_there():
    names = {row.name for row in describe()}
    assert names >= {
        "DATABASE_URL", "DEALGATE_POLICY", "DEALGATE_PUBLIC_URL", "DEALGATE_BIND", "DEALGATE_SMTP_URL",
        "HUBSPOT_ACCESS_TOKEN", "HUBSPOT_CLIENT_SECRET", "HUBSPOT_APP_ID", "HUBSPOT_PORTAL_ID", "HUBSPOT_API_URL",
    }  # fmt: skip
