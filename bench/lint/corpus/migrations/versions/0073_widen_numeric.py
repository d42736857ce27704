"""Larger prices

Revision ID: 04ac1947e375
Revises: 42de4eb1d172
Create Date: 2026-03-18 03:13:33.578087
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "04ac1947e375"
down_revision: str | Sequence[str] | None = "42de4eb1d172"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("products") as batch_op:
        batch_op.alter_column("price", type_=sa.Numeric(12, 2), existing_type=sa.Numeric(8, 2))
        batch_op.alter_column("cost", type_=sa.Numeric(), existing_type=sa.Numeric(8, 2))


def downgrade() -> None:
    raise NotImplementedError("prices may be larger")
