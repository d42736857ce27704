"""Percentages of coupons

Downgrade loses: what was written into it meanwhile

Revision ID: 6c880cf9fc51
Revises: f0038af63f88
Create Date: 2026-05-10 01:12:31.958199
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "6c880cf9fc51"
down_revision: str | Sequence[str] | None = "f0038af63f88"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE coupons ADD CHECK (percent BETWEEN 1 AND 100)")


def downgrade():
    op.execute("ALTER TABLE coupons DROP CONSTRAINT coupons_percent_check")
