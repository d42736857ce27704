"""Nobody searches orders by channel

Revision ID: cadf90e4e762
Revises: c742253872c3
Create Date: 2026-02-09 06:11:31.285084
"""

from collections.abc import Sequence

from alembic.op import drop_index

# revision identifiers, used by Alembic.
revision: str = "cadf90e4e762"
down_revision: str | Sequence[str] | None = "c742253872c3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    drop_index("ix_orders_channel", "orders")


def downgrade() -> None:
    raise NotImplementedError("make the index by hand, concurrently")
