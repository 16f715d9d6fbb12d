"""CRM accounts: the HUBSPOT_* variables for one, the [accounts.NAME] tables of dealgate.toml for several."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.settings.problems import Problem, load
from connector.settings.records import HubSpotAccount
from connector.settings.schema import HubSpotSchema

FILE = "dealgate.toml"
PREFIX = "HUBSPOT_"
_SECRETS = ("access_token", "client_secret")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

Accounts = tuple[tuple[HubSpotAccount, ...], list[Problem]]


def from_environment(environ: Mapping[str, str], policy: Path) -> Accounts:
    """Return the one account of the HUBSPOT_* variables; none where no variable is set."""
    schema = HubSpotSchema(exclude=("policy",))
    given = {name: environ[_variable(name)] for name in schema.fields if environ.get(_variable(name))}
    if not given.keys() & {"access_token", "client_secret", "portal_id"}:
        return (), []
    read, problems = load(schema, given, _variable)
    return (() if problems else (_account("hubspot", read, policy),)), problems


def _variable(member: str) -> str:
    return f"{PREFIX}{member.upper()}"


def from_file(path: Path, environ: Mapping[str, str], policy: Path) -> Accounts:
    """Return the accounts of dealgate.toml; its values may refer to variables as "$NAME"."""
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return (), [Problem(FILE, f"cannot be read: {error}")]
    problems = [
        Problem(f"{FILE} {name}", "is not known here; known: accounts") for name in text if name != "accounts"
    ]
    tables = text.get("accounts", {})
    if not isinstance(tables, dict) or not tables:
        return (), [*problems, Problem(FILE, "holds no [accounts.NAME] table")]
    accounts = []
    for name, table in tables.items():
        account, wrong = _from_table(name, table, environ, policy)
        problems += wrong
        accounts += [account] if account else []
    return tuple(accounts), problems + _twice(accounts)


def _from_table(
    name: str, table: object, environ: Mapping[str, str], policy: Path
) -> tuple[HubSpotAccount | None, list[Problem]]:
    where = f"{FILE} [accounts.{name}]"
    if not isinstance(table, dict) or not _NAME.fullmatch(name):
        return None, [Problem(where, "allowed: a table, named with small letters, digits and hyphens")]
    if table.get("crm", "hubspot") != "hubspot":
        return None, [Problem(f"{where} crm", f'found {table["crm"]!r}; allowed: "hubspot"')]
    given, problems = _resolved(where, {key: value for key, value in table.items() if key != "crm"}, environ)
    broken = {problem.name for problem in problems}
    read, wrong = load(HubSpotSchema(), given, lambda member: f"{where} {member}")
    problems += [problem for problem in wrong if problem.name not in broken]
    return (None if problems else _account(name, read, policy)), problems


def _resolved(
    where: str, table: Mapping[str, object], environ: Mapping[str, str]
) -> tuple[dict[str, object], list[Problem]]:
    given: dict[str, object] = {}
    problems = []
    for key, value in table.items():
        variable = value[1:] if isinstance(value, str) and value.startswith("$") else None
        if key in _SECRETS and variable is None:
            problems.append(
                Problem(f"{where} {key}", 'is a secret; allowed: "$NAME", the variable that holds it')
            )
        elif variable is not None and not environ.get(variable):
            problems.append(Problem(f"{where} {key}", f"refers to ${variable}, which is not set"))
        else:
            given[key] = environ[variable] if variable else str(value) if isinstance(value, int) else value
    return given, problems


def _twice(accounts: list[HubSpotAccount]) -> list[Problem]:
    portals = Counter(account.portal_id for account in accounts)
    return [
        Problem(
            f"{FILE} portal_id", f"{portal} stands in {count} tables; allowed: one account for each portal"
        )
        for portal, count in portals.items()
        if count > 1
    ]


def _account(name: str, read: Mapping[str, Any], policy: Path) -> HubSpotAccount:
    return HubSpotAccount(
        name=name,
        portal_id=read["portal_id"],
        access_token=read["access_token"],
        client_secrets=tuple(part.strip() for part in read["client_secret"].split(",")),
        app_id=read["app_id"],
        api_url=read["api_url"].rstrip("/"),
        policy=policy.parent / read["policy"] if read.get("policy") else policy,
    )
