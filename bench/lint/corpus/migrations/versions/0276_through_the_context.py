"""Batches of stock

Downgrade loses: what was written into it meanwhile

Revision ID: 6ab621d3d50a
Revises: 8b1f975c67ef
Create Date: 2026-10-25 06:13:31.185644
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "6ab621d3d50a"
down_revision: str | Sequence[str] | None = "8b1f975c67ef"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.get_context().execute("ALTER TABLE stock_levels ADD CONSTRAINT uq_stock_batch UNIQUE (warehouse_id, product_id, batch)")


def downgrade() -> None:
    op.get_context().execute("ALTER TABLE stock_levels DROP CONSTRAINT uq_stock_batch")
