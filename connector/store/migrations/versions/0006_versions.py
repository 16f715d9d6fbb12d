"""What a verdict was made from, and policies that wait for their time.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("deals", sa.Column("inputs", sa.Text()))
    op.create_table(
        "planned_policies",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("account", "version", "text")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("author", "note")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("at", "planned_at")),
    )
