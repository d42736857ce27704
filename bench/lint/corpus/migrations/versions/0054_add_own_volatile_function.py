"""Ticket of a return

Downgrade loses: what was written into it meanwhile

Revision ID: ffb899a079ad
Revises: fec18699e920
Create Date: 2026-02-27 04:15:34.427626
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ffb899a079ad"
down_revision: str | Sequence[str] | None = "fec18699e920"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE returns ADD COLUMN ticket bigint DEFAULT next_ticket()")


def downgrade() -> None:
    op.execute("ALTER TABLE returns DROP COLUMN ticket")
