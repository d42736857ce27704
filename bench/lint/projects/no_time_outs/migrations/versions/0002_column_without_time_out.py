"""Channel of an order

Downgrade loses: what was written into it meanwhile

Revision ID: d86999e607fc
Revises: 1405df66cbe2
Create Date: 2026-01-03 02:12:32.015838
"""

import sqlalchemy as sa
from alembic import op

revision = "d86999e607fc"
down_revision = "1405df66cbe2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("channel", sa.Text()))


def downgrade() -> None:
    op.drop_column("orders", "channel")
