"""Metrics of memory are a partition

Revision ID: 618766886c99
Revises: e751e17947b9
Create Date: 2026-08-27 02:15:32.758018
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "618766886c99"
down_revision: str | Sequence[str] | None = "e751e17947b9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE metrics ATTACH PARTITION metrics_memory FOR VALUES IN ('memory')")


def downgrade() -> None:
    raise NotImplementedError("detach it concurrently, by hand")
