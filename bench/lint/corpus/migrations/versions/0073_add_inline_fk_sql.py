"""The coupon of an order

Downgrade loses: what was written into it meanwhile

Revision ID: 8d566066d53f
Revises: 42de4eb1d172
Create Date: 2026-03-18 03:13:33.578087
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8d566066d53f"
down_revision: str | Sequence[str] | None = "42de4eb1d172"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD COLUMN coupon_code text REFERENCES coupons (code)")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP COLUMN coupon_code")
