"""Search orders by place

Revision ID: c215ddb978e8
Revises: 1405df66cbe2
Create Date: 2026-01-03 02:12:32.015838
"""

from collections.abc import Sequence

from alembic import op

import shop_of_another_time.models  # noqa: F401

# revision identifiers, used by Alembic.
revision: str = "c215ddb978e8"
down_revision: str | Sequence[str] | None = "1405df66cbe2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_orders_place", "orders", ["place"])


def downgrade() -> None:
    raise NotImplementedError
