"""Search coupons by campaign; the table was there all along

Revision ID: a6040064361a
Revises: 94478d2c46dc
Create Date: 2026-10-17 08:12:33.122292
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a6040064361a"
down_revision: str | Sequence[str] | None = "94478d2c46dc"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE IF NOT EXISTS coupons (code text PRIMARY KEY, campaign text)")
    op.create_index("ix_coupons_campaign", "coupons", ["campaign"])


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_coupons_campaign", "coupons", postgresql_concurrently=True)
