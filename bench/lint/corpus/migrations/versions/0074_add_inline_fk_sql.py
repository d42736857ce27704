"""The coupon of an order

Downgrade loses: what was written into it meanwhile

Revision ID: 8d566066d53f
Revises: 04ac1947e375
Create Date: 2026-03-19 04:14:34.586006
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8d566066d53f"
down_revision: str | Sequence[str] | None = "04ac1947e375"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD COLUMN coupon_code text DEFAULT 'SPRING' REFERENCES coupons (code)")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP COLUMN coupon_code")
