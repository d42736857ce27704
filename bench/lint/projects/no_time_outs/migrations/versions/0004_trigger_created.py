"""Orders know when they changed: the trigger

Revision ID: 0ad278df4bbf
Revises: 27f6ee091649
Create Date: 2026-01-05 04:14:34.031676
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "0ad278df4bbf"
down_revision: str | Sequence[str] | None = "27f6ee091649"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "CREATE TRIGGER touch_orders BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch_changed_at()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER touch_orders ON orders")
