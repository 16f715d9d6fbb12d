"""Waivers, and who is out of office.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "waivers",
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("deal", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("unneeded_since", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("ended_by", sa.Text()),
        sa.Column("reviewed_at", sa.BigInteger()),
        sa.Column("reviewed_by", sa.Text()),
    )
    op.create_table(
        "absences",
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("since", sa.Text(), primary_key=True),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("stand_in", sa.Text()),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
