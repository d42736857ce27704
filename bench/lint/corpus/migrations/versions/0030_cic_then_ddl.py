"""Carrier of a shipment

Downgrade loses: what was written into it meanwhile

Revision ID: 933bcab5ad1d
Revises: 6c4e318bae2f
Create Date: 2026-02-03 00:12:30.237570
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "933bcab5ad1d"
down_revision: str | Sequence[str] | None = "6c4e318bae2f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ix_shipments_tracking ON shipments (tracking)")
    op.execute("ALTER TABLE shipments ADD COLUMN tracking_url text")


def downgrade() -> None:
    op.execute("ALTER TABLE shipments DROP COLUMN tracking_url")
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_shipments_tracking")
