"""Lost orders are missing

Revision ID: 045ac9f9bd00
Revises: 81d60e4dc21a
Create Date: 2026-06-26 05:14:30.306635
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "045ac9f9bd00"
down_revision: str | Sequence[str] | None = "81d60e4dc21a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TYPE order_status RENAME VALUE 'lost' TO 'missing'")


def downgrade() -> None:
    op.execute("ALTER TYPE order_status RENAME VALUE 'missing' TO 'lost'")
