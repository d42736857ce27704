"""Metrics of memory are a partition

Revision ID: 618766886c99
Revises: 55a7a93d8fba
Create Date: 2026-08-25 00:13:30.742180
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "618766886c99"
down_revision: str | Sequence[str] | None = "55a7a93d8fba"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE metrics ATTACH PARTITION metrics_memory FOR VALUES IN ('memory')")


def downgrade() -> None:
    raise NotImplementedError("detach it concurrently, by hand")
