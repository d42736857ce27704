"""What a note is

Revision ID: 47d1556913f7
Revises: 8e39d31a95d5
Create Date: 2026-01-08 07:10:32.055433
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "47d1556913f7"
down_revision: str | Sequence[str] | None = "8e39d31a95d5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("COMMENT ON COLUMN orders.note IS 'from the customer'")


def downgrade() -> None:
    op.execute("COMMENT ON COLUMN orders.note IS NULL")
