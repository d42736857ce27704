"""Default of orders

Revision ID: 2733a896d601
Revises: 2c4a3abfb43c
Create Date: 2026-07-01 08:10:33.330392
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "2733a896d601"
down_revision: str | Sequence[str] | None = "2c4a3abfb43c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("UPDATE orders SET status = 'part_paid' WHERE status = 'paid' AND total IS NULL")


def downgrade() -> None:
    op.execute("UPDATE orders SET status = 'paid' WHERE status = 'part_paid'")
