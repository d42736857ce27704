"""Better plans for orders

Revision ID: e4eede66df5d
Revises: de2b7d13d941
Create Date: 2026-08-12 07:14:32.639233
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e4eede66df5d"
down_revision: str | Sequence[str] | None = "de2b7d13d941"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders ALTER COLUMN note SET STATISTICS 500")
        op.execute("VACUUM (ANALYZE) orders")


def downgrade() -> None:
    op.execute("ALTER TABLE orders ALTER COLUMN note SET STATISTICS -1")
