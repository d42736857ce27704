"""Search orders by currency

Revision ID: cb8bf7ec9e61
Revises: de2b7d13d941
Create Date: 2026-08-11 06:13:31.631314
"""

from alembic import op

revision = "cb8bf7ec9e61"
down_revision = "de2b7d13d941"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET LOCAL lock_timeout = '2s'")
        op.create_index("ix_orders_currency", "orders", ["currency"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_currency", "orders", postgresql_concurrently=True)
