"""Orders do not know when they changed

Revision ID: c89afdd4efb4
Revises: 0ad278df4bbf
Create Date: 2026-01-06 05:15:30.039595
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c89afdd4efb4"
down_revision: str | Sequence[str] | None = "0ad278df4bbf"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders DISABLE TRIGGER touch_orders")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.execute("ALTER TABLE orders ENABLE TRIGGER touch_orders")
