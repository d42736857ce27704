"""Other branch

Downgrade loses: what was written into it meanwhile

Revision ID: d0941e68da8f
Revises: 1405df66cbe2
Create Date: 2026-01-04 03:13:33.023757
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d0941e68da8f"
down_revision: str | Sequence[str] | None = "1405df66cbe2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("other", sa.Text()))


def downgrade() -> None:
    op.drop_column("orders", "other")
