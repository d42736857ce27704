"""Hits of 2025 are kept elsewhere

Revision ID: c7c3759e6d88
Revises: 8af01d24f1c3
Create Date: 2026-01-07 06:16:31.047514
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c7c3759e6d88"
down_revision: str | Sequence[str] | None = "8af01d24f1c3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE hits DETACH PARTITION hits_2025 CONCURRENTLY")


def downgrade() -> None:
    raise NotImplementedError
