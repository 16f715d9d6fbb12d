"""The first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the first version."""
    _work()
    _standing()
    _ledger()
    _deployment()


def _key(name: str, kind: type[sa.Text | sa.Integer | sa.BigInteger] = sa.Text) -> SchemaItem:
    return sa.Column(name, kind(), primary_key=True, autoincrement=False)


def _text(name: str) -> SchemaItem:
    return sa.Column(name, sa.Text(), nullable=False)


def _note(name: str) -> SchemaItem:
    return sa.Column(name, sa.Text())


def _number(name: str) -> SchemaItem:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _maybe(name: str) -> SchemaItem:
    return sa.Column(name, sa.BigInteger())


def _count(name: str) -> SchemaItem:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _flag(name: str) -> SchemaItem:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _index(name: str, table: str, columns: list[str], where: str | None = None) -> None:
    some = None if where is None else sa.text(where)
    op.create_index(name, table, columns, postgresql_where=some, sqlite_where=some)


def _work() -> None:
    op.create_table(
        "bells",
        *(_key("account"), _key("type"), _key("id")),
        *(_number("wanted"), _number("done"), _number("claimed"), _number("due_at")),
        *(_note("token"), _maybe("lease_until"), _count("attempts")),
        *(_note("reason"), _note("message"), _maybe("parked_at")),
    )
    claimable = "wanted > done AND token IS NULL AND parked_at IS NULL"
    _index("bells_due", "bells", ["account", "due_at"], claimable)
    _index("bells_token", "bells", ["token"], "token IS NOT NULL")
    _index("bells_lease", "bells", ["account", "lease_until"], "token IS NOT NULL")
    op.create_table(
        "outbox",
        *(_key("account"), _key("deal"), _key("kind"), _key("slot")),
        *(_number("verdict"), _text("body"), _flag("lasting"), _number("due_at"), _count("attempts")),
        *(_maybe("sending_at"), _note("reason"), _note("message"), _maybe("parked_at")),
    )
    _index("outbox_parked", "outbox", ["account"], "parked_at IS NOT NULL")


def _standing() -> None:
    op.create_table(
        "deals",
        *(_key("account"), _key("deal")),
        *(_number("verdict"), _number("at"), _text("readiness"), _note("gate"), _text("sentence")),
        *(_text("body"), _text("fingerprint"), _text("policy_version"), _maybe("valid_until")),
        *(_note("stage"), _note("pipeline"), _maybe("quiet_until")),
    )
    _index("deals_due", "deals", ["account", "valid_until"], "valid_until IS NOT NULL")
    op.create_table(
        "signoffs",
        *(_key("account"), _key("deal"), _key("gate"), _key("role"), _key("cycle", sa.Integer)),
        *(_text("state"), _number("due_at"), _text("body")),
    )
    _index("signoffs_state", "signoffs", ["account", "state", "due_at"])
    op.create_table("clearances", *(_key("account"), _key("deal"), _key("gate")), _text("body"))
    op.create_table(
        "done",
        *(_key("account"), _key("deal"), _key("key")),
        *(_text("kind"), _text("ref"), _number("at")),
    )
    op.create_table(
        "answers",
        *(_key("account"), _key("deal"), _key("id")),
        *(_text("body"), _number("at"), _maybe("consumed_at")),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        *(_key("account"), _key("seq", sa.BigInteger)),
        *(_number("at"), _text("kind"), _note("deal"), _text("body"), _text("prev"), _text("hash")),
    )
    _index("ledger_deal", "ledger", ["account", "deal", "seq"])
    op.create_table("ledger_heads", _key("account"), _number("seq"), _text("hash"))
    op.create_table(
        "ledger_personal",
        *(_key("account"), _key("seq", sa.BigInteger), _key("name")),
        *(_text("salt"), _text("value")),
    )


def _deployment() -> None:
    op.create_table(
        "accounts",
        *(_key("account"), _maybe("since"), _maybe("served_at"), _flag("paused"), _maybe("quiet_until")),
        *(_maybe("tripped_until"), _note("tripped_reason")),
        *(_maybe("hour"), _count("tasks"), _count("mails"), _count("moves")),
    )
    op.create_table(
        "policies",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        *(_text("account"), _text("version"), _text("text"), _text("author"), _text("note"), _number("at")),
    )
    op.create_table("live_gates", _key("account"), _key("gate"), _number("since"))
    op.create_table(
        "budgets",
        *(_key("account"), _key("bucket"), sa.Column("tokens", sa.Float(), nullable=False)),
        *(_number("at"), _number("blocked_until"), _flag("granted")),
    )
    op.create_table(
        "jobs",
        *(_key("account"), _key("name"), _text("cursor"), _number("due_at")),
        *(_note("token"), _maybe("lease_until"), _maybe("finished_at")),
    )
    op.create_table(
        "alarms",
        *(_key("account"), _key("reason"), _key("about")),
        *(_number("times"), _number("first_at"), _number("last_at")),
    )
