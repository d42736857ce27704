"""Orders do not know when they changed

Revision ID: 662237e41037
Revises: 55a7a93d8fba
Create Date: 2026-08-24 09:12:34.734261
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "662237e41037"
down_revision: str | Sequence[str] | None = "55a7a93d8fba"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders DISABLE TRIGGER touch_orders")


def downgrade() -> None:
    op.execute("ALTER TABLE orders ENABLE TRIGGER touch_orders")
