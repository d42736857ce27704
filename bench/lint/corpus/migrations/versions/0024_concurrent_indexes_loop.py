"""Search the stock

Revision ID: cdb6e398990d
Revises: 48d25e448cf3
Create Date: 2026-01-25 04:13:34.190056
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "cdb6e398990d"
down_revision: str | Sequence[str] | None = "48d25e448cf3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {"ix_stock_shelf": "shelf", "ix_stock_batch": "batch"}


def upgrade():
    with op.get_context().autocommit_block():
        for name, column in INDEXES.items():
            op.create_index(name, "stock_levels", [column], unique=False, postgresql_concurrently=True)


def downgrade():
    with op.get_context().autocommit_block():
        for name in INDEXES:
            op.drop_index(name, table_name="stock_levels", postgresql_concurrently=True)
