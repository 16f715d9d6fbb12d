"""What may be set, what it may hold and what it is for: one list, from which the documentation is made."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, validate

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)
_ORGANIZATION = re.compile(r"00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,}", re.ASCII)
DATABASES = ("sqlite:///", "postgres://", "postgresql://", "postgresql+psycopg://")


def _url(*schemes: str) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            parts = urlsplit(text)
            _ = parts.port  # refuses a port above 65535
        except ValueError:
            return False
        return parts.scheme in schemes and bool(parts.hostname) and not parts.fragment

    return check


def _bind(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and int(port) <= 65535


def _entry(
    kind: type[fields.Field[Any]], about: str, allowed: str, check: Callable[..., object], **options: Any
) -> fields.Field[Any]:
    """Declare one setting: `check` raises or answers False; `secret=True` keeps the value out of messages."""
    secret = options.pop("secret", False)

    def approve(value: object) -> None:
        if check(value) in (False, None):
            raise ValidationError("not allowed")

    return kind(validate=approve, metadata={"about": about, "allowed": allowed, "secret": secret}, **options)


def _count(about: str, low: int, high: int, default: int) -> fields.Field[Any]:
    allowed = f"a whole number from {low} to {high}"
    return _entry(fields.Integer, about, allowed, validate.Range(low, high), load_default=default)


def _seconds(about: str, low: float, high: float, default: float) -> fields.Field[Any]:
    allowed = f"seconds, from {low:g} to {high:g}"
    return _entry(fields.Float, about, allowed, validate.Range(low, high), load_default=default)


def _text(about: str, allowed: str, check: Callable[..., object], **options: Any) -> fields.Field[Any]:
    return _entry(fields.String, about, allowed, check, **options)


def _secrets(text: str) -> bool:
    parts = [part.strip() for part in text.split(",")]
    return len(parts) <= 2 and all(parts)


def _long_secrets(text: str) -> bool:
    return _secrets(text) and all(_TOKEN.fullmatch(part.strip()) for part in text.split(","))


class DeploymentSchema(Schema):
    """Settings of the whole deployment; each is the environment variable of its name in capitals."""

    class Meta:
        unknown = RAISE

    database_url = _text(
        "Where everything is kept. One file serves one process (`dealgate serve`); PostgreSQL serves any"
        " number of `web` and `worker` processes.",
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
        lambda text: text.startswith(DATABASES),
        load_default="sqlite:///dealgate.db",
        secret=True,
    )
    dealgate_policy = _text("The policy file.", "a path", validate.Length(1), load_default="policy.yaml")
    dealgate_public_url = _text(
        "The address under which the CRM reaches us. Signatures are checked against it, never against the"
        " Host header. Default: http:// and DEALGATE_BIND.",
        "http(s)://HOST, without query",
        lambda text: _url("http", "https")(text) and "?" not in text,
        load_default=None,
    )
    dealgate_bind = _text("Where the web server listens.", "HOST:PORT", _bind, load_default="127.0.0.1:8080")
    dealgate_smtp_url = _text(
        "The mail server. smtp:// uses STARTTLS where offered and insists on it with a password; smtps:// is"
        " TLS from the start. Unset: mail is printed.",
        "smtp://USER:PASSWORD@HOST:PORT or smtps://...",
        _url("smtp", "smtps"),
        load_default=None,
        secret=True,
    )
    dealgate_mail_from = _text(
        "The sender of our mail.", "an e-mail address", validate.Email(), load_default="dealgate@example.com"
    )
    dealgate_anchor_mail = _text(
        "Who gets the head of each account's ledger by mail, daily: kept outside the database, it shows when"
        " the record was rewritten or its end cut off. Unset: the head goes to the log alone.",
        "an e-mail address outside the team that runs the database",
        validate.Email(),
        load_default=None,
    )
    dealgate_link_secret = _text(
        "Signs the links by which approvers answer from a mail. Make one with"
        " `python -c 'import secrets; print(secrets.token_urlsafe(32))'`. Unset: mails carry no link.",
        "32 letters, digits, - or _ at least; two, comma-separated, during rotation, the new one last",
        _long_secrets,
        load_default=None,
        secret=True,
    )
    dealgate_connect_timeout = _seconds("How long to wait for a connection to the CRM.", 0.1, 60, 5)
    dealgate_read_timeout = _seconds("How long to wait for an answer of the CRM.", 0.1, 300, 30)
    dealgate_lease_seconds = _seconds(
        "How long a worker may hold a deal without a sign of life; must outlast one call (both timeouts).",
        0.5,
        3600,
        90,
    )
    dealgate_poll_seconds = _seconds("How often a worker looks when nothing wakes it.", 0.01, 60, 1)
    dealgate_sweep_seconds = _seconds("How often to look for missed changes.", 1, 86400, 3600)
    dealgate_keep_days = _count(
        "How long to remember what was asked, told and answered about a deal at which nobody looks any more.",
        30,
        3650,
        400,
    )
    dealgate_max_attempts = _count("Failures in a row after which a record is parked.", 1, 100, 8)
    dealgate_body_limit = _count("The largest webhook accepted, in bytes.", 1024, 67_108_864, 1_048_576)
    dealgate_web_workers = _count("Processes of `dealgate web` (PostgreSQL only).", 1, 64, 2)
    dealgate_web_threads = _count("Threads of the embedded web server.", 1, 64, 4)
    dealgate_metrics_bind = _text(
        "Where `dealgate worker` shows its own /metrics; `web` and `serve` show theirs beside the webhooks."
        " Unset: nowhere.",
        "HOST:PORT",
        _bind,
        load_default=None,
    )
    dealgate_log_level = _text(
        "How much to log.",
        "debug, info, warning or error",
        validate.OneOf(("debug", "info", "warning", "error")),
        load_default="info",
    )
    dealgate_log_json = _entry(
        fields.Boolean,
        "One JSON object a line instead of text.",
        "true or false",
        lambda _: True,
        load_default=False,
    )


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) > 0


def _policy() -> fields.Field[Any]:
    about = "The policy of this account. Default: DEALGATE_POLICY."
    return _text(about, "a path", validate.Length(1), load_default=None)


class HubSpotSchema(Schema):
    """Settings of one HubSpot account: HUBSPOT_* variables, or a table of dealgate.toml."""

    class Meta:
        unknown = RAISE

    access_token = _text(
        "The app's access token.",
        "the token as HubSpot shows it",
        validate.Length(1),
        required=True,
        secret=True,
    )
    client_secret = _text(
        "The app's client secret, by which webhooks are verified.",
        "one secret; two, comma-separated, during rotation",
        _secrets,
        required=True,
        secret=True,
    )
    portal_id = _text("The id of the HubSpot account.", "a whole number above 0", _whole, required=True)
    app_id = _text(
        "The app's id. With it the echo of our own writes is known and left alone.",
        "a whole number above 0",
        _whole,
        load_default=None,
    )
    api_url = _text(
        "Where HubSpot's API is; `dealgate sandbox` has its own.",
        "http(s)://HOST",
        _url("http", "https"),
        load_default="https://api.hubapi.com",
    )
    policy = _policy()


def _names(text: str) -> bool:
    return all(part.strip() for part in text.split(","))


class SalesforceSchema(Schema):
    """Settings of one Salesforce org: SALESFORCE_* variables, or a table of dealgate.toml."""

    class Meta:
        unknown = RAISE

    domain = _text(
        "The My Domain of the org.",
        "the name before .my.salesforce.com, for example acme or acme--uat.sandbox",
        _DOMAIN.fullmatch,
        load_default=None,
    )
    instance_url = _text(
        "The address of the org in place of the domain; `dealgate sandbox` has its own.",
        "http(s)://HOST",
        _url("http", "https"),
        load_default=None,
    )
    org_id = _text(
        "The id of the organisation, 15 or 18 characters: messages of another one are refused.",
        "an id that begins with 00D",
        _ORGANIZATION.fullmatch,
        required=True,
    )
    client_id = _text(
        "The consumer key of the external client app.", "the key", validate.Length(1), required=True
    )
    client_secret = _text(
        "The consumer secret, to sign in by client credentials.",
        "the secret; or a username and a private key instead",
        validate.Length(1),
        load_default=None,
        secret=True,
    )
    username = _text(
        "The integration user, to sign in by JWT.",
        "a username of the org",
        validate.Length(1),
        load_default=None,
    )
    private_key = _text(
        "The private key behind the app's certificate, to sign in by JWT.",
        "an RSA key in PEM form",
        lambda text: "PRIVATE KEY-----" in text,
        load_default=None,
        secret=True,
    )
    webhook_token = _text(
        "The last part of the address that outbound messages go to. Make one with"
        " `python -c 'import secrets; print(secrets.token_urlsafe(32))'`.",
        "32 letters, digits, - or _ at least; two, comma-separated, during rotation, the new one last",
        _long_secrets,
        required=True,
        secret=True,
    )
    import_users = _text(
        "Users of data loaders and sync tools: what they change starts nothing.",
        "usernames, comma-separated",
        _names,
        load_default="",
    )
    policy = _policy()
