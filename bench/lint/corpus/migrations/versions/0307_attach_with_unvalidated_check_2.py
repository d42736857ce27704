"""Metrics of graphics cards are a partition

Revision ID: 272e83d690db
Revises: 0a2bd5ef8dbb
Create Date: 2026-11-28 07:16:32.431133
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "272e83d690db"
down_revision: str | Sequence[str] | None = "0a2bd5ef8dbb"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE metrics ATTACH PARTITION metrics_gpu FOR VALUES IN ('gpu')")


def downgrade() -> None:
    raise NotImplementedError
