"""Every order has a channel, from now on

Downgrade loses: what was written into it meanwhile

Revision ID: 998518429be0
Revises: e9c1efef3032
Create Date: 2026-01-06 05:15:30.039595
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "998518429be0"
down_revision: str | Sequence[str] | None = "e9c1efef3032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_channel_present NOT NULL channel NOT VALID")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_channel_present")
