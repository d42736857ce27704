"""Dimensions in fractions

Revision ID: 432a92699518
Revises: 7837727af76f
Create Date: 2026-04-07 00:16:30.712710
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "432a92699518"
down_revision: str | Sequence[str] | None = "7837727af76f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for column in ("width", "height"):
        op.alter_column("products", column, type_=sa.Numeric(10, 2), existing_type=sa.Integer())


def downgrade() -> None:
    for column in ("height", "width"):
        op.alter_column("products", column, type_=sa.Integer(), existing_type=sa.Numeric(10, 2), postgresql_using=f"{column}::integer")
