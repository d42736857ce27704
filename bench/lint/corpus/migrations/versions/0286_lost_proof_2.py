"""Every shipment has a state

Revision ID: 49da6c211aad
Revises: 8f564cf260de
Create Date: 2026-11-07 06:16:31.264834
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "49da6c211aad"
down_revision: str | Sequence[str] | None = "8f564cf260de"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE shipments VALIDATE CONSTRAINT shipments_state")


def downgrade() -> None:
    raise NotImplementedError("a validated constraint stays")
