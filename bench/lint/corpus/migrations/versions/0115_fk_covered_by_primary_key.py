"""Who watches which product

Downgrade loses: what was written into it meanwhile

Revision ID: d119b708cffa
Revises: 5b30ed345dbb
Create Date: 2026-05-04 05:13:30.910685
"""

import sqlalchemy as sa
from alembic import op

revision = "d119b708cffa"
down_revision = "5b30ed345dbb"
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
