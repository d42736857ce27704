"""Carriers of shipments

Revision ID: 22d8e38470a8
Revises: ce9c9647f087
Create Date: 2026-05-01 02:10:32.886928
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "22d8e38470a8"
down_revision: str | Sequence[str] | None = "ce9c9647f087"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_foreign_key(None, "shipments", "carriers", ["carrier_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint("shipments_carrier_id_fkey", "shipments", type_="foreignkey")
