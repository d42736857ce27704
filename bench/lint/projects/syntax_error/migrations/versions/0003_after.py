"""Search orders by note

Revision ID: 405906c9d5be
Revises: 0b8a1caec23d
Create Date: 2026-01-04 03:13:33.023757
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "405906c9d5be"
down_revision: str | Sequence[str] | None = "0b8a1caec23d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_orders_note", "orders", ["note"])


def downgrade() -> None:
    raise NotImplementedError
