"""Carriers of shipments

Revision ID: 22d8e38470a8
Revises: 25b5e69e5030
Create Date: 2026-04-28 01:16:31.879009
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "22d8e38470a8"
down_revision: str | Sequence[str] | None = "25b5e69e5030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_foreign_key(None, "shipments", "carriers", ["carrier_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint("shipments_carrier_id_fkey", "shipments", type_="foreignkey")
