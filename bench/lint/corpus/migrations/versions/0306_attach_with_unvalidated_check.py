"""Metrics of graphics cards, prepared

Downgrade loses: what was written into it meanwhile

Revision ID: 0a2bd5ef8dbb
Revises: da9980691aee
Create Date: 2026-11-27 06:15:31.423214
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "0a2bd5ef8dbb"
down_revision: str | Sequence[str] | None = "da9980691aee"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE metrics_gpu (LIKE metrics)")
    op.execute("INSERT INTO metrics_gpu (id, kind) VALUES (1, 'gpu')")
    op.execute("ALTER TABLE metrics_gpu ADD CONSTRAINT metrics_gpu_kind CHECK (kind IS NOT NULL AND kind = 'gpu') NOT VALID")


def downgrade() -> None:
    op.execute("DROP TABLE metrics_gpu")
