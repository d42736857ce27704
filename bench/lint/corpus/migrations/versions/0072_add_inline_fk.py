"""The warehouse that a return came to

Downgrade loses: what was written into it meanwhile

Revision ID: 42de4eb1d172
Revises: 1d9bfdea380f
Create Date: 2026-03-17 02:12:32.570168
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "42de4eb1d172"
down_revision: str | Sequence[str] | None = "1d9bfdea380f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("returns", sa.Column("warehouse_id", sa.BigInteger(), sa.ForeignKey("warehouses.id")))


def downgrade() -> None:
    op.drop_column("returns", "warehouse_id")
