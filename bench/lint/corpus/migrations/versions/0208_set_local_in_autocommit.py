"""Search orders by currency

Revision ID: cb8bf7ec9e61
Revises: e4eede66df5d
Create Date: 2026-08-13 08:15:33.647152
"""

from alembic import op

revision = "cb8bf7ec9e61"
down_revision = "e4eede66df5d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET LOCAL lock_timeout = '2s'")
        op.create_index("ix_orders_currency", "orders", ["currency"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_currency", "orders", postgresql_concurrently=True)
