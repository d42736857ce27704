"""Amounts of all orders

Revision ID: bbe42717c00c
Revises: b1182136338a
Create Date: 2026-01-04 03:13:33.023757
"""

from alembic import op

revision = "bbe42717c00c"
down_revision = "b1182136338a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A revision of its own is of no use: env.py makes one transaction of all.
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_amount")


def downgrade() -> None:
    raise NotImplementedError
