"""First day of a coupon

Downgrade loses: what was written into it meanwhile

Revision ID: b2f4310dc9f7
Revises: 071ba866d208
Create Date: 2026-02-25 02:13:32.411788
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b2f4310dc9f7"
down_revision: str | Sequence[str] | None = "071ba866d208"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE coupons ADD COLUMN valid_from date NOT NULL DEFAULT CURRENT_DATE")


def downgrade():
    op.execute("ALTER TABLE coupons DROP COLUMN valid_from")
