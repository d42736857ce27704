"""The warehouse of a shipment

Downgrade loses: what was written into it meanwhile

Revision ID: ec07bdc04bf4
Revises: d05fb33a64cb
Create Date: 2026-09-04 07:13:32.797613
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ec07bdc04bf4"
down_revision: str | Sequence[str] | None = "d05fb33a64cb"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE shipments ADD COLUMN warehouse_id bigint REFERENCES warehouses (id)")


def downgrade():
    op.execute("ALTER TABLE shipments DROP COLUMN warehouse_id")
