"""When each account's CRM last sent a webhook: `doctor` tells silence from whichever machine it runs on.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("accounts", sa.Column("heard_at", sa.BigInteger()))
