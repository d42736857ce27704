"""Every order has a currency

Revision ID: 8b59fcdba348
Revises: a8a6e4101b53
Create Date: 2026-01-09 08:11:33.063352
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8b59fcdba348"
down_revision: str | Sequence[str] | None = "a8a6e4101b53"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("orders", "currency", nullable=False)


def downgrade() -> None:
    op.alter_column("orders", "currency", nullable=True)
