"""Settings: environment variables, the same names in `.env`, accounts in `dealgate.toml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from connector.errors import ConfigurationError
from connector.settings import accounts
from connector.settings.describe import describe
from connector.settings.problems import Problem, load, refuse
from connector.settings.records import Account, HubSpotAccount, SalesforceAccount, Settings
from connector.settings.schema import DeploymentSchema

__all__ = ["Account", "HubSpotAccount", "SalesforceAccount", "Settings", "describe", "read_settings"]


def read_settings(environ: Mapping[str, str], directory: Path) -> Settings:
    """Return the checked settings; ConfigurationError lists everything that is wrong at once.

    `.env` and `dealgate.toml` are looked for in `directory`; the environment wins over `.env`;
    an empty variable counts as unset; `dealgate.toml` takes the place of the vendors' variables.
    """
    known = {**_dotenv(directory / ".env"), **environ}
    schema = DeploymentSchema()
    given = {name: known[name.upper()] for name in schema.fields if known.get(name.upper())}
    read, problems = load(schema, given, str.upper)
    problems += _lease_too_short(read) if not problems else []
    policy = directory / read.get("dealgate_policy", "")
    found, wrong = _accounts(directory / accounts.FILE, known, policy)
    refuse(problems + wrong)
    return _settings(read, policy, found)


def _dotenv(path: Path) -> dict[str, str]:
    try:
        found = dotenv_values(path, interpolate=False) if path.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigurationError(f"cannot be read: {said}.", where=str(path)) from error
    return {name: value for name, value in found.items() if value is not None}


def _accounts(path: Path, environ: Mapping[str, str], policy: Path) -> accounts.Accounts:
    if path.is_file():
        return accounts.from_file(path, environ, policy)
    return accounts.from_environment(environ, policy)


def _lease_too_short(read: Mapping[str, Any]) -> list[Problem]:
    lease = read["dealgate_lease_seconds"]
    call = read["dealgate_connect_timeout"] + read["dealgate_read_timeout"]
    if lease > call:
        return []
    return [Problem("DEALGATE_LEASE_SECONDS", f"found {lease:g}; allowed: more than both timeouts, {call:g}")]


def _settings(read: Mapping[str, Any], policy: Path, found: tuple[Account, ...]) -> Settings:
    host, port = _address(read["dealgate_bind"])
    return Settings(
        database_url=_for_sqlalchemy(read["database_url"]),
        policy=policy,
        public_url=(read["dealgate_public_url"] or f"http://{read['dealgate_bind']}").rstrip("/"),
        host=host,
        port=port,
        smtp_url=read["dealgate_smtp_url"],
        mail_from=read["dealgate_mail_from"],
        anchor_mail=read["dealgate_anchor_mail"],
        link_secrets=_parts(read["dealgate_link_secret"]),
        connect_timeout=read["dealgate_connect_timeout"],
        read_timeout=read["dealgate_read_timeout"],
        lease_seconds=read["dealgate_lease_seconds"],
        poll_seconds=read["dealgate_poll_seconds"],
        sweep_seconds=read["dealgate_sweep_seconds"],
        keep_days=read["dealgate_keep_days"],
        max_attempts=read["dealgate_max_attempts"],
        body_limit=read["dealgate_body_limit"],
        web_workers=read["dealgate_web_workers"],
        web_threads=read["dealgate_web_threads"],
        metrics_bind=_address(shown) if (shown := read["dealgate_metrics_bind"]) else None,
        log_level=read["dealgate_log_level"],
        log_json=read["dealgate_log_json"],
        hubspot=tuple(one for one in found if isinstance(one, HubSpotAccount)),
        salesforce=tuple(one for one in found if isinstance(one, SalesforceAccount)),
    )


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",")) if text else ()


def _for_sqlalchemy(url: str) -> str:
    """Name the driver: hosts hand out postgres:// and postgresql://, SQLAlchemy wants to know psycopg."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url
