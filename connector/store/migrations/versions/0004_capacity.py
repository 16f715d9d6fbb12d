"""Capacity: the imported plan, and what each deal takes.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "capacity_snapshots", *_numbered(), _text("as_of"), _number("imported_at"), *_key("account", "number")
    )
    op.create_table(
        "supply",
        *_numbered(),
        sa.Column("line", sa.Integer(), autoincrement=False),
        *(_text("kind"), _text("role"), _text("who"), _text("first")),
        sa.Column("last", sa.Text()),
        *(_number("minutes"), _text("days")),
        *_key("account", "number", "line"),
    )
    op.create_table(
        "commitments",
        *_numbered(),
        sa.Column("line", sa.Integer(), autoincrement=False),
        *(_text("role"), _text("first"), _text("last"), _number("minutes"), _text("deal"), _text("label")),
        *_key("account", "number", "line"),
    )
    op.create_table(
        "estimates",
        *(sa.Column("account", sa.Text()), sa.Column("deal", sa.Text())),
        *(_text("claim"), _text("body")),
        *_key("account", "deal"),
    )


def _numbered() -> tuple[SchemaItem, ...]:
    return sa.Column("account", sa.Text()), sa.Column("number", sa.BigInteger(), autoincrement=False)


def _key(*names: str) -> tuple[SchemaItem, ...]:
    return (sa.PrimaryKeyConstraint(*names),)


def _text(name: str) -> SchemaItem:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> SchemaItem:
    return sa.Column(name, sa.BigInteger(), nullable=False)
