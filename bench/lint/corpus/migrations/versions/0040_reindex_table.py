"""Orders are bloated

Revision ID: 27dbd48aea47
Revises: 2302e02df53e
Create Date: 2026-02-13 00:15:30.316760
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "27dbd48aea47"
down_revision: str | Sequence[str] | None = "2302e02df53e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("REINDEX TABLE orders")


def downgrade() -> None:
    """Nothing to undo."""
    op.execute("SELECT 1")
