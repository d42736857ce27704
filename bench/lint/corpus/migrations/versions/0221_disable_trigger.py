"""Orders do not know when they changed

Revision ID: 662237e41037
Revises: 618766886c99
Create Date: 2026-08-26 01:14:31.750099
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "662237e41037"
down_revision: str | Sequence[str] | None = "618766886c99"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders DISABLE TRIGGER touch_orders")


def downgrade() -> None:
    op.execute("ALTER TABLE orders ENABLE TRIGGER touch_orders")
