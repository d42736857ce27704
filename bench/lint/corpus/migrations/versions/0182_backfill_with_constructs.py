"""Quarters of orders

Downgrade loses: what was written into it meanwhile

Revision ID: b745af41f546
Revises: 18543a217bc4
Create Date: 2026-07-15 02:10:32.441258
"""

import sqlalchemy as sa
from alembic import op

revision = "b745af41f546"
down_revision = "18543a217bc4"
branch_labels = None
depends_on = None

orders = sa.table("orders", sa.column("id", sa.BigInteger), sa.column("quarter", sa.Text), sa.column("placed_at"))


def upgrade() -> None:
    op.add_column("orders", sa.Column("quarter", sa.Text()))
    op.execute(
        orders.update()
        .where(orders.c.placed_at.is_not(None))
        .values(quarter=sa.func.to_char(orders.c.placed_at, 'YYYY"Q"Q'))
    )


def downgrade() -> None:
    op.drop_column("orders", "quarter")
