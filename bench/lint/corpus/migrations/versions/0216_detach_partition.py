"""Metrics of disks are kept elsewhere

Revision ID: e286d23dbc74
Revises: 84a9bb60412d
Create Date: 2026-08-21 06:16:31.710504
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e286d23dbc74"
down_revision: str | Sequence[str] | None = "84a9bb60412d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE metrics DETACH PARTITION metrics_disk")


def downgrade() -> None:
    raise NotImplementedError
