"""What differs between the vendors' settings: prefix, schema, secrets, and how an account is made of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marshmallow import Schema

from connector.settings.records import Account, HubSpotAccount, SalesforceAccount
from connector.settings.schema import HubSpotSchema, SalesforceSchema

Read = Mapping[str, Any]
Problems = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CrmKind:
    """One vendor. `begun_by`: members of which one begins an account; `tenant` is the member that tells
    accounts apart; `check` yields members that do not fit each other, and what is wrong with them."""

    name: str
    schema: type[Schema]
    begun_by: frozenset[str]
    secrets: frozenset[str]
    tenant: str
    make: Callable[[str, Read, Path], Account]
    check: Callable[[Read], Problems]

    def variable(self, member: str) -> str:
        """Return the environment variable of a member."""
        return f"{self.name}_{member}".upper()


def _hubspot(name: str, read: Read, policy: Path) -> HubSpotAccount:
    return HubSpotAccount(
        name=name,
        portal_id=read["portal_id"],
        access_token=read["access_token"],
        client_secrets=_several(read["client_secret"]),
        app_id=read["app_id"],
        api_url=read["api_url"].rstrip("/"),
        policy=policy,
    )


def _salesforce(name: str, read: Read, policy: Path) -> SalesforceAccount:
    return SalesforceAccount(
        name=name,
        url=_address(read),
        org_id=read["org_id"],
        client_id=read["client_id"],
        client_secret=read["client_secret"],
        username=read["username"],
        private_key=read["private_key"],
        webhook_tokens=_several(read["webhook_token"]),
        importers=_several(read["import_users"]),
        policy=policy,
    )


def _address(read: Read) -> str:
    if read["instance_url"]:
        return str(read["instance_url"]).rstrip("/")
    domain = str(read["domain"]).lower().removesuffix(".salesforce.com")
    return f"https://{domain if domain.endswith('.my') else domain + '.my'}.salesforce.com"


def _anything(_: Read) -> Problems:
    return iter(())


def _fits(read: Read) -> Problems:
    if not read["domain"] and not read["instance_url"]:
        yield "domain", "is not set; allowed: the domain, or INSTANCE_URL in its place"
    signed = bool(read["username"]) and bool(read["private_key"])
    if not read["client_secret"] and not signed:
        yield "client_secret", "is not set; allowed: the secret, or USERNAME and PRIVATE_KEY in its place"


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


CRMS: Mapping[str, CrmKind] = MappingProxyType(
    {
        "hubspot": CrmKind(
            "hubspot",
            HubSpotSchema,
            frozenset({"access_token", "client_secret", "portal_id"}),
            frozenset({"access_token", "client_secret"}),
            "portal_id",
            _hubspot,
            _anything,
        ),
        "salesforce": CrmKind(
            "salesforce",
            SalesforceSchema,
            frozenset({"domain", "instance_url", "client_id", "org_id"}),
            frozenset({"client_secret", "private_key", "webhook_token"}),
            "org_id",
            _salesforce,
            _fits,
        ),
    }
)
