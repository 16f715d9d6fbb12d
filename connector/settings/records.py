"""The settings as the rest of the product reads them: frozen, checked, and silent about secrets."""

from dataclasses import dataclass, field
from pathlib import Path

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
    connect_timeout: float
    read_timeout: float
    lease_seconds: float
    poll_seconds: float
    sweep_seconds: float
    max_attempts: int
    body_limit: int
    web_workers: int
    web_threads: int
    metrics_bind: tuple[str, int] | None
    log_level: str
    log_json: bool
    hubspot: tuple[HubSpotAccount, ...] = ()

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
        if not self.hubspot:
            raise ConfigurationError(
                "no CRM account is configured.",
                hint="Set HUBSPOT_ACCESS_TOKEN, HUBSPOT_CLIENT_SECRET and HUBSPOT_PORTAL_ID,"
                " or list accounts in dealgate.toml (docs/settings.md).",
            )

    def account(self, name: str | None = None) -> HubSpotAccount:
        """Return the account of this name, or the only one; ConfigurationError says which there are."""
        self.needs_account()
        found = [account for account in self.hubspot if name in (None, account.name)]
        if len(found) == 1:
            return found[0]
        names = ", ".join(account.name for account in self.hubspot)
        wrong = f"no account is named {name!r}." if name else "there is more than one account: say which."
        raise ConfigurationError(wrong, hint=f"Configured: {names}.")
