"""Tier of customers: without the old column

Phase: contract
Downgrade loses: the values of old_tier

Revision ID: 8e4e8992ffb3
Revises: 802810635397
Create Date: 2026-06-09 08:11:33.172012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8e4e8992ffb3"
down_revision: str | Sequence[str] | None = "802810635397"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.drop_column("old_tier")


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.add_column(sa.Column("old_tier", sa.Text()))
