"""Pick lists and returns outlive their orders

Revision ID: 4cd441f4224f
Revises: 0ce407c1d0d8
Create Date: 2026-10-13 04:15:34.090616
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4cd441f4224f"
down_revision: str | Sequence[str] | None = "0ce407c1d0d8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("COMMENT ON COLUMN returns.order_id IS 'may be gone'")


def downgrade() -> None:
    op.create_foreign_key("fk_refunds_order", "refunds", "orders", ["order_id"], ["id"])
    op.execute("COMMENT ON COLUMN returns.order_id IS NULL")
