"""When and why a clock job failed last: `doctor` tells a failed sweep from a good one.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("jobs", sa.Column("failed_at", sa.BigInteger()))
    op.add_column("jobs", sa.Column("reason", sa.Text()))
    op.add_column("jobs", sa.Column("message", sa.Text()))
