"""Index orders by total

Revision ID: 8b6556d0502a
Revises: 26b7b033825c
Create Date: 2026-01-09 08:11:33.063352
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8b6556d0502a"
down_revision: str | Sequence[str] | None = "26b7b033825c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_orders_total", "orders", ["total"])


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_total", table_name="orders", postgresql_concurrently=True)
