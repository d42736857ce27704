"""Every order has a channel

Revision ID: 7a118d404515
Revises: 998518429be0
Create Date: 2026-01-07 06:16:31.047514
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7a118d404515"
down_revision: str | Sequence[str] | None = "998518429be0"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_channel_present")


def downgrade() -> None:
    raise NotImplementedError("a validated constraint stays")
