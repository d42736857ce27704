"""Who watches which product

Downgrade loses: what was written into it meanwhile

Revision ID: d119b708cffa
Revises: 967cbcc82ae3
Create Date: 2026-05-03 04:12:34.902766
"""

import sqlalchemy as sa
from alembic import op

revision = "d119b708cffa"
down_revision = "967cbcc82ae3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("product_id", sa.BigInteger(), sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("views", sa.Integer()),
    )


def downgrade() -> None:
    op.drop_table("watches")
