"""The tables, one list for both databases. Times are integer milliseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    and_,
    false,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def milliseconds(moment: datetime) -> int:
    """Return the whole milliseconds since 1970 of an aware time."""
    return (moment - _EPOCH) // _MILLISECOND


class Moment(TypeDecorator[datetime]):
    """An aware UTC time, kept as whole milliseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _EPOCH + value * _MILLISECOND


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _note(name: str) -> Column[str | None]:
    return Column(name, Text)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _when(name: str) -> Column[datetime]:
    return Column(name, Moment, nullable=False)


def _maybe(name: str) -> Column[datetime | None]:
    return Column(name, Moment)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    _key("account"),
    _maybe("since"),
    _maybe("served_at"),
    _flag("paused"),
    _maybe("quiet_until"),
    _maybe("tripped_until"),
    _note("tripped_reason"),
    _maybe("hour"),
    _count("tasks"),
    _count("mails"),
    _count("moves"),
    _maybe("heard_at"),
    _flag("uninstalled"),
)

# `claimed` is the `wanted` that the lease's holder saw; a ring during the work leaves `wanted` above it.
bells = Table(
    "bells",
    metadata,
    _key("account"),
    _key("type"),
    _key("id"),
    _number("wanted"),
    _number("done"),
    _number("claimed"),
    _when("due_at"),
    _note("token"),
    _maybe("lease_until"),
    _count("attempts"),
    _note("reason"),
    _note("message"),
    _maybe("parked_at"),
)
claimable = and_(bells.c.wanted > bells.c.done, bells.c.token.is_(None), bells.c.parked_at.is_(None))
leased = bells.c.token.is_not(None)
Index("bells_due", bells.c.account, bells.c.due_at, postgresql_where=claimable, sqlite_where=claimable)
Index("bells_token", bells.c.token, postgresql_where=leased, sqlite_where=leased)
Index("bells_lease", bells.c.account, bells.c.lease_until, postgresql_where=leased, sqlite_where=leased)

deals = Table(
    "deals",
    metadata,
    _key("account"),
    _key("deal"),
    _number("verdict"),
    _when("at"),
    _text("readiness"),
    _note("gate"),
    _text("sentence"),
    _text("body"),
    _text("fingerprint"),
    _text("policy_version"),
    _maybe("valid_until"),
    _note("stage"),
    _note("pipeline"),
    _maybe("quiet_until"),
    _note("inputs"),
)
_expiring = deals.c.valid_until.is_not(None)
Index("deals_due", deals.c.account, deals.c.valid_until, postgresql_where=_expiring, sqlite_where=_expiring)

signoffs = Table(
    "signoffs",
    metadata,
    _key("account"),
    _key("deal"),
    _key("gate"),
    _key("role"),
    Column("cycle", Integer, primary_key=True, autoincrement=False),
    _text("state"),
    _when("due_at"),
    _text("body"),
    Index("signoffs_state", "account", "state", "due_at"),
)

clearances = Table("clearances", metadata, _key("account"), _key("deal"), _key("gate"), _text("body"))

# A waiver as it was granted, and what became of it: people and the engine each write their own columns.
waivers = Table(
    "waivers",
    metadata,
    _key("account"),
    _key("deal"),
    _key("id"),
    _text("body"),
    _maybe("unneeded_since"),
    _maybe("ended_at"),
    _note("ended_by"),
    _maybe("reviewed_at"),
    _note("reviewed_by"),
)

# Who is out of office: days as ISO dates, in the person's own time zone.
absences = Table(
    "absences",
    metadata,
    _key("account"),
    _key("person"),
    _key("since"),
    _text("until"),
    _note("stand_in"),
    _text("set_by"),
    _when("at"),
)

# The users of each CRM as they were last read, all of an account in one row.
# The properties of whose change the CRM has told.
changes = Table("changes", metadata, _key("account"), _key("type"), _key("name"), _when("at"))

crm_users = Table("crm_users", metadata, _key("account"), _text("body"), _when("at"))

# One-time effects that were delivered: `ref` is what the CRM made of the key.
done = Table(
    "done", metadata, _key("account"), _key("deal"), _key("key"), _text("kind"), _text("ref"), _when("at")
)

answers = Table(
    "answers",
    metadata,
    _key("account"),
    _key("deal"),
    _key("id"),
    _text("body"),
    _when("at"),
    _maybe("consumed_at"),
)

# `lasting` effects survive a newer verdict; `sending_at` marks a create whose outcome may be unknown.
outbox = Table(
    "outbox",
    metadata,
    _key("account"),
    _key("deal"),
    _key("kind"),
    _key("slot"),
    _number("verdict"),
    _text("body"),
    _flag("lasting"),
    _when("due_at"),
    _count("attempts"),
    _maybe("sending_at"),
    _note("reason"),
    _note("message"),
    _maybe("parked_at"),
)
_parked = outbox.c.parked_at.is_not(None)
Index("outbox_parked", outbox.c.account, postgresql_where=_parked, sqlite_where=_parked)

ledger = Table(
    "ledger",
    metadata,
    _key("account"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _when("at"),
    _text("kind"),
    _note("deal"),
    _text("body"),
    _text("prev"),
    _text("hash"),
    Index("ledger_deal", "account", "deal", "seq"),
)

ledger_heads = Table("ledger_heads", metadata, _key("account"), _number("seq"), _text("hash"))

ledger_personal = Table(
    "ledger_personal",
    metadata,
    _key("account"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _key("name"),
    _text("salt"),
    _text("value"),
)

policies = Table(
    "policies",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    _text("account"),
    _text("version"),
    _text("text"),
    _text("author"),
    _text("note"),
    _when("at"),
)

# Policies that wait for their time; gone when they are published or called off.
planned_policies = Table(
    "planned_policies",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    _text("account"),
    _text("version"),
    _text("text"),
    _text("author"),
    _text("note"),
    _when("at"),
    _when("planned_at"),
)

live_gates = Table("live_gates", metadata, _key("account"), _key("gate"), _when("since"))

budgets = Table(
    "budgets",
    metadata,
    _key("account"),
    _key("bucket"),
    Column("tokens", Float, nullable=False),
    _number("at"),
    _number("blocked_until"),
    _flag("granted"),
)

jobs = Table(
    "jobs",
    metadata,
    _key("account"),
    _key("name"),
    _text("cursor"),
    _when("due_at"),
    _note("token"),
    _maybe("lease_until"),
    _maybe("finished_at"),
    _maybe("failed_at"),
    _note("reason"),
    _note("message"),
)

# What an admin should look at: one row for each reason and object, however often it rang.
alarms = Table(
    "alarms",
    metadata,
    _key("account"),
    _key("reason"),
    _key("about"),
    _number("times"),
    _when("first_at"),
    _when("last_at"),
)

# The plan as Operations last imported it. The one before stays until the next, for whoever is reading it.
capacity_snapshots = Table(
    "capacity_snapshots",
    metadata,
    _key("account"),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _text("as_of"),
    _when("imported_at"),
)

# `kind` is supply or leave; days are ISO dates, `days` the weekdays as digits.
supply = Table(
    "supply",
    metadata,
    _key("account"),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    _text("kind"),
    _text("role"),
    _text("who"),
    _text("first"),
    _note("last"),
    _number("minutes"),
    _text("days"),
)

commitments = Table(
    "commitments",
    metadata,
    _key("account"),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    _text("role"),
    _text("first"),
    _text("last"),
    _number("minutes"),
    _text("deal"),
    _text("label"),
)

# What each open, held or won deal takes by our own estimate, and what was last said of its promised start.
estimates = Table("estimates", metadata, _key("account"), _key("deal"), _text("claim"), _text("body"))
