"""Which accounts were uninstalled: what was asked there is taken back.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "accounts", sa.Column("uninstalled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
