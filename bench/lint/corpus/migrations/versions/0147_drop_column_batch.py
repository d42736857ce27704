"""Orders without a representative

Revision ID: 802810635397
Revises: 70497d41de5f
Create Date: 2026-06-08 07:10:32.164093
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "802810635397"
down_revision: str | Sequence[str] | None = "70497d41de5f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("sales_rep")


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sales_rep", sa.Text(), nullable=True))
