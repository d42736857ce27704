"""Orders know when they changed

Revision ID: 55a7a93d8fba
Revises: 5a0367140dc9
Create Date: 2026-08-24 09:12:34.734261
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "55a7a93d8fba"
down_revision: str | Sequence[str] | None = "5a0367140dc9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "CREATE TRIGGER touch_orders BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch_updated_at()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER touch_orders ON orders")
