"""Search returns by supplier

Revision ID: ce9c9647f087
Revises: 967cbcc82ae3
Create Date: 2026-05-02 03:11:33.894847
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ce9c9647f087"
down_revision: str | Sequence[str] | None = "967cbcc82ae3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ix_returns_supplier ON returns (supplier_id, state)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_returns_supplier")
