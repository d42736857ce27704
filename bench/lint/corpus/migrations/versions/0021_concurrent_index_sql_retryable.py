"""Search suppliers by name

Revision ID: e24aa4f5fca2
Revises: 84a66838a258
Create Date: 2026-01-22 01:10:31.166299
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e24aa4f5fca2"
down_revision: str | Sequence[str] | None = "84a66838a258"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_suppliers_name")
        op.execute("CREATE INDEX CONCURRENTLY ix_suppliers_name ON suppliers (name)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_suppliers_name")
