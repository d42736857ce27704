"""Gross amounts, computed when they are read

Downgrade loses: what was written into it meanwhile

Revision ID: 9d706f0cc981
Revises: 1405df66cbe2
Create Date: 2026-01-03 02:12:32.015838
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9d706f0cc981"
down_revision: str | Sequence[str] | None = "1405df66cbe2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.19) VIRTUAL")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP COLUMN gross")
