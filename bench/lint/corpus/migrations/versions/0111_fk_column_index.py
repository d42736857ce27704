"""Search returns by supplier

Revision ID: ce9c9647f087
Revises: d987cc5d03ea
Create Date: 2026-04-28 01:16:31.879009
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ce9c9647f087"
down_revision: str | Sequence[str] | None = "d987cc5d03ea"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ix_returns_supplier ON returns (supplier_id, state)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_returns_supplier")
