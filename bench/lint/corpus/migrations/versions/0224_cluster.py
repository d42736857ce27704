"""Orders lie in the order of their dates

Revision ID: da68bf3a5522
Revises: e751e17947b9
Create Date: 2026-09-01 04:10:34.773856
"""

from alembic import op

revision = "da68bf3a5522"
down_revision = "e751e17947b9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CLUSTER orders USING ix_orders_placed_at")


def downgrade() -> None:
    raise RuntimeError("nothing to undo")
