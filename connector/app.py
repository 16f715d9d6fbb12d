"""The composition root: settings in, one desk for each CRM account out. Everything is wired here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from connector.adapters.base import Crm
from connector.desk import Clock, Desk
from connector.errors import ConfigurationError
from connector.mail import Mailer, mailer
from connector.observe import Metrics
from connector.settings import Account, Settings
from connector.store.store import Store

log = structlog.get_logger()


def utc_now() -> datetime:
    """Return the time; the one place where the product reads the wall clock."""
    return datetime.now(UTC)


@dataclass(slots=True)
class App:
    """A running deployment. Desks are made when first asked for, so that commands start fast."""

    settings: Settings
    store: Store
    metrics: Metrics
    mailer: Mailer
    clock: Clock = utc_now
    make_crm: Callable[..., Crm] | None = None  # of the app and one account
    _desks: dict[str, Desk] = field(default_factory=dict)

    @classmethod
    def build(cls, settings: Settings, *, clock: Clock = utc_now) -> "App":
        """Open the store and wire the rest; nothing is read or called yet."""
        store = Store.open(settings.database_url)
        post = mailer(settings.smtp_url, settings.mail_from, settings.read_timeout)
        return cls(settings, store, Metrics(), post, clock)

    def start(self) -> None:
        """Bring an embedded database up to date, refuse an old one, and enrol the accounts."""
        if self.settings.embedded:
            self.store.migrate()
        elif not self.store.migrated():
            raise ConfigurationError(
                "The database has an older schema than this version needs.",
                where="DATABASE_URL",
                hint="Run `dealgate migrate`.",
            )
        for account in self.settings.accounts:
            self.store.accounts.enrol(account.name, self.clock())

    @property
    def accounts(self) -> tuple[str, ...]:
        """The names of all accounts, as configured."""
        return tuple(account.name for account in self.settings.accounts)

    def desk(self, name: str | None = None) -> Desk:
        """Return the desk of one account, or of the only one."""
        account = self.settings.account(name)
        if account.name not in self._desks:
            self._desks[account.name] = self._desk(account)
        return self._desks[account.name]

    def close(self) -> None:
        """Close the connections."""
        self.store.close()

    def __enter__(self) -> "App":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _desk(self, account: Account) -> Desk:
        crm = self.make_crm(self, account) if self.make_crm else self._crm(account)
        return Desk(
            account=account.name,
            policy_file=account.policy,
            crm=crm,
            store=self.store,
            metrics=self.metrics,
            mailer=self.mailer,
            settings=self.settings,
            now=self.clock,
        )

    def _crm(self, account: Account) -> Crm:
        from connector.wiring import wired

        return wired(self.settings, account, self.store, self.metrics, self.clock)
