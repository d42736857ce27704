"""Orders lie in the order of their dates

Revision ID: da68bf3a5522
Revises: 618766886c99
Create Date: 2026-08-28 03:16:33.765937
"""

from alembic import op

revision = "da68bf3a5522"
down_revision = "618766886c99"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CLUSTER orders USING ix_orders_placed_at")


def downgrade() -> None:
    raise RuntimeError("nothing to undo")
