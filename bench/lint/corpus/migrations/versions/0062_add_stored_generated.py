"""Gross total of an order

Downgrade loses: what was written into it meanwhile

Revision ID: 6b345d6f7fe4
Revises: a7494b515e6e
Create Date: 2026-03-07 02:16:32.490978
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "6b345d6f7fe4"
down_revision: str | Sequence[str] | None = "a7494b515e6e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "orders", sa.Column("gross", sa.Numeric(12, 2), sa.Computed("total * 1.19", persisted=True))
    )


def downgrade() -> None:
    op.drop_column("orders", "gross")
