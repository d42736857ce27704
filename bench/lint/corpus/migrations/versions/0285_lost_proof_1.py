"""Every shipment has a state, from now on

Downgrade loses: what was written into it meanwhile

Revision ID: 8f564cf260de
Revises: f9f49ea4d54f
Create Date: 2026-11-06 05:15:30.256915
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8f564cf260de"
down_revision: str | Sequence[str] | None = "f9f49ea4d54f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE shipments ADD CONSTRAINT shipments_state CHECK (state IS NOT NULL) NOT VALID")


def downgrade() -> None:
    op.execute("ALTER TABLE shipments DROP CONSTRAINT shipments_state")
