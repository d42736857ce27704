"""Currency of an order

Downgrade loses: what was written into it meanwhile

Revision ID: 8e39d31a95d5
Revises: c89afdd4efb4
Create Date: 2026-01-07 06:16:31.047514
"""

import sqlalchemy as sa
from alembic import op

revision = "8e39d31a95d5"
down_revision = "c89afdd4efb4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column("orders", sa.Column("currency", sa.Text()))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_column("orders", "currency")
