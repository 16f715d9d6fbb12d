"""CRM accounts: the HUBSPOT_* and SALESFORCE_* variables for one of each, the [accounts.NAME] tables of
dealgate.toml for several."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from marshmallow import Schema

from connector.settings.kinds import CRMS, CrmKind
from connector.settings.problems import Problem, load
from connector.settings.records import Account

FILE = "dealgate.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

Accounts = tuple[tuple[Account, ...], list[Problem]]


def from_environment(environ: Mapping[str, str], policy: Path) -> Accounts:
    """Return the accounts of the vendors' variables; none of a vendor of whom no variable is set."""
    accounts: list[Account] = []
    problems: list[Problem] = []
    for kind in CRMS.values():
        account, wrong = _from_variables(kind, environ, policy)
        problems += wrong
        accounts += [account] if account else []
    return tuple(accounts), problems


def _from_variables(
    kind: CrmKind, environ: Mapping[str, str], policy: Path
) -> tuple[Account | None, list[Problem]]:
    schema = kind.schema(exclude=("policy",))
    given = {name: environ[kind.variable(name)] for name in schema.fields if environ.get(kind.variable(name))}
    if not given.keys() & kind.begun_by:
        return None, []
    return _made(kind, kind.name, given, kind.variable, policy, schema=schema)


def _made(
    kind: CrmKind,
    name: str,
    given: Mapping[str, object],
    named: Callable[[str], str],
    policy: Path,
    *,
    schema: Schema | None = None,
) -> tuple[Account | None, list[Problem]]:
    """Return the account, or what is wrong with it; `named` gives the operator's name for a member."""
    read, problems = load(schema or kind.schema(), given, named)
    problems += [] if problems else [Problem(named(member), wrong) for member, wrong in kind.check(read)]
    if problems:
        return None, problems
    own = policy.parent / read["policy"] if read.get("policy") else policy
    return kind.make(name, read, own), []


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
    accounts: list[Account] = []
    for name, table in tables.items():
        account, wrong = _from_table(name, table, environ, policy)
        problems += wrong
        accounts += [account] if account else []
    return tuple(accounts), problems + _twice(accounts)


def _from_table(
    name: str, table: object, environ: Mapping[str, str], policy: Path
) -> tuple[Account | None, list[Problem]]:
    where = f"{FILE} [accounts.{name}]"
    if not isinstance(table, dict) or not _NAME.fullmatch(name):
        return None, [Problem(where, "allowed: a table, named with small letters, digits and hyphens")]
    kind = CRMS.get(str(table.get("crm", "hubspot")))
    if kind is None:
        allowed = " or ".join(f'"{crm}"' for crm in CRMS)
        return None, [Problem(f"{where} crm", f"found {table['crm']!r}; allowed: {allowed}")]
    members = {key: value for key, value in table.items() if key != "crm"}
    given, problems = _resolved(where, members, environ, kind.secrets)
    broken = {problem.name for problem in problems}
    account, wrong = _made(kind, name, given, lambda member: f"{where} {member}", policy)
    problems += [problem for problem in wrong if problem.name not in broken]
    return (None if problems else account), problems


def _resolved(
    where: str, table: Mapping[str, object], environ: Mapping[str, str], secrets: Collection[str]
) -> tuple[dict[str, object], list[Problem]]:
    given: dict[str, object] = {}
    problems = []
    for key, value in table.items():
        variable = value[1:] if isinstance(value, str) and value.startswith("$") else None
        if key in secrets and variable is None:
            problems.append(
                Problem(f"{where} {key}", 'is a secret; allowed: "$NAME", the variable that holds it')
            )
        elif variable is not None and not environ.get(variable):
            problems.append(Problem(f"{where} {key}", f"refers to ${variable}, which is not set"))
        else:
            given[key] = environ[variable] if variable else str(value) if isinstance(value, int) else value
    return given, problems


def _twice(accounts: list[Account]) -> list[Problem]:
    """Say of which portal or organisation there are two accounts: a bell would not know whose it is."""
    tables: dict[tuple[str, str], list[str]] = {}
    for account in accounts:
        tables.setdefault((CRMS[account.crm].tenant, account.tenant), []).append(account.name)
    return [
        Problem(
            f"{FILE} {member}",
            f"{tenant} stands in {len(names)} tables ({', '.join(names)}); allowed: one account for each",
        )
        for (member, tenant), names in tables.items()
        if len(names) > 1
    ]
