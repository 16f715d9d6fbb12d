"""The settings as the rest of the product reads them: frozen, checked, and silent about secrets."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from connector.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class HubSpotAccount:
    """One HubSpot portal. `client_secrets` holds two while a secret is being rotated."""

    name: str
    portal_id: str
    access_token: str = field(repr=False)
    client_secrets: tuple[str, ...] = field(repr=False)
    app_id: str | None
    api_url: str
    policy: Path
    crm: ClassVar[str] = "hubspot"

    @property
    def tenant(self) -> str:
        """Return what the vendor calls the account by."""
        return self.portal_id


@dataclass(frozen=True, slots=True)
class SalesforceAccount:
    """One Salesforce org. `url` is its own address, `org_id` its 18-character id; we sign in by secret, or by
    username and private key (PEM). `webhook_tokens` holds two while a token is being rotated; `importers`
    are the usernames of data loaders and sync tools."""

    name: str
    url: str
    org_id: str
    client_id: str
    client_secret: str | None = field(repr=False)
    username: str | None
    private_key: str | None = field(repr=False)
    webhook_tokens: tuple[str, ...] = field(repr=False)
    importers: tuple[str, ...]
    policy: Path
    crm: ClassVar[str] = "salesforce"

    @property
    def tenant(self) -> str:
        """Return the 15 characters that both forms of the organisation's id begin with."""
        return self.org_id[:15]


Account = HubSpotAccount | SalesforceAccount


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator can set. Times in seconds, sizes in bytes.

    `database_url` is for SQLAlchemy; `public_url` has no slash at its end; `smtp_url` None prints mail.
    """

    database_url: str = field(repr=False)
    policy: Path
    public_url: str
    host: str
    port: int
    smtp_url: str | None = field(repr=False)
    mail_from: str
    anchor_mail: str | None
    link_secrets: tuple[str, ...] = field(repr=False)
    connect_timeout: float
    read_timeout: float
    lease_seconds: float
    poll_seconds: float
    sweep_seconds: float
    keep_days: int
    max_attempts: int
    body_limit: int
    web_workers: int
    web_threads: int
    metrics_bind: tuple[str, int] | None
    log_level: str
    log_json: bool
    hubspot: tuple[HubSpotAccount, ...] = ()
    salesforce: tuple[SalesforceAccount, ...] = ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Return the CRM accounts of all vendors."""
        return (*self.hubspot, *self.salesforce)

    @property
    def call_seconds(self) -> float:
        """The longest that one call to a CRM can take: after that its outcome is known or never will be."""
        return self.connect_timeout + self.read_timeout

    @property
    def embedded(self) -> bool:
        """Tell whether web and worker share one process and one SQLite file."""
        return self.database_url.startswith("sqlite")

    def needs_account(self) -> None:
        """Raise ConfigurationError where no CRM account is configured."""
        if not self.accounts:
            raise ConfigurationError(
                "no CRM account is configured.",
                hint="Set HUBSPOT_ACCESS_TOKEN, HUBSPOT_CLIENT_SECRET and HUBSPOT_PORTAL_ID, or the"
                " SALESFORCE_* variables, or list accounts in dealgate.toml (docs/settings.md).",
            )

    def account(self, name: str | None = None, crm: str | None = None) -> Account:
        """Return the account of this name, or the only one (of this vendor, where one is named);
        ConfigurationError says which there are."""
        self.needs_account()
        known = [account for account in self.accounts if crm in (None, account.crm)]
        found = [account for account in known if name in (None, account.name)]
        if len(found) == 1:
            return found[0]
        names = ", ".join(account.name for account in known or self.accounts)
        other = [account.crm for account in self.accounts if account.name == name]
        if not known:
            wrong = f"no account of {crm} is configured."
        elif other:
            wrong = f"{name} is an account of {other[0]}."
        elif name:
            wrong = f"no account is named {name!r}."
        else:
            wrong = "there is more than one account: say which by --account NAME."
        raise ConfigurationError(wrong, hint=f"Configured: {names}.")
