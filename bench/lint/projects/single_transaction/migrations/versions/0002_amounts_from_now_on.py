"""Amounts of orders, from now on

Revision ID: b1182136338a
Revises: 1405df66cbe2
Create Date: 2026-01-03 02:12:32.015838
"""

from alembic import op

revision = "b1182136338a"
down_revision = "1405df66cbe2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint("orders_amount", "orders", "amount > 0", postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_constraint("orders_amount", "orders", type_="check")
