"""Search shipments by warehouse

Revision ID: 80f7f374af29
Revises: 9fa1e00ee92d
Create Date: 2026-09-07 00:16:30.821370
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "80f7f374af29"
down_revision: str | Sequence[str] | None = "9fa1e00ee92d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_shipments_warehouse_id", "shipments", ["warehouse_id"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_shipments_warehouse_id", "shipments", postgresql_concurrently=True)
