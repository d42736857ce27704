"""Days of pick lists

Downgrade loses: what was written into it meanwhile

Revision ID: bb13139db5f6
Revises: a6ed41371c3f
Create Date: 2026-11-19 08:14:33.359862
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "bb13139db5f6"
down_revision: str | Sequence[str] | None = "a6ed41371c3f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("pick_lists", sa.Column("day", sa.Date(), nullable=False, server_default=sa.func.current_date()))


def downgrade() -> None:
    op.drop_column("pick_lists", "day")
