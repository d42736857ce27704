"""States of shipments are NOT NULL; what proved it is gone

Revision ID: 4b6e77e1bd8a
Revises: a60415ee44a1
Create Date: 2026-11-09 08:11:33.280672
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4b6e77e1bd8a"
down_revision: str | Sequence[str] | None = "a60415ee44a1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("shipments", "state", nullable=False)


def downgrade() -> None:
    op.alter_column("shipments", "state", nullable=True)
