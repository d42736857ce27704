"""A key for metrics of processors, prepared

Revision ID: 3da9f0388947
Revises: d850f016ca23
Create Date: 2026-05-18 09:13:34.021551
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "3da9f0388947"
down_revision: str | Sequence[str] | None = "d850f016ca23"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('CREATE UNIQUE INDEX CONCURRENTLY "metrics_cpu_pkey" ON metrics_cpu (id)')


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute('DROP INDEX CONCURRENTLY "metrics_cpu_pkey"')
