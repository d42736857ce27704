"""Currency of an order

Downgrade loses: what was written into it meanwhile

Revision ID: 8e39d31a95d5
Revises: d86999e607fc
Create Date: 2026-01-04 03:13:33.023757
"""

import sqlalchemy as sa
from alembic import op

revision = "8e39d31a95d5"
down_revision = "d86999e607fc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column("orders", sa.Column("currency", sa.Text()))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_column("orders", "currency")
