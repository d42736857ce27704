"""Stock cannot be negative

Revision ID: f586a2117ccb
Revises: a39fb6689a2c
Create Date: 2026-05-12 03:14:33.974037
"""

import sqlalchemy as sa
from alembic import op

revision = "f586a2117ccb"
down_revision = "a39fb6689a2c"
branch_labels = None
depends_on = None

on_hand = sa.column("on_hand", sa.Integer())


def upgrade() -> None:
    op.create_check_constraint("stock_not_negative", "stock_levels", on_hand >= 0)


def downgrade() -> None:
    op.drop_constraint("stock_not_negative", "stock_levels", type_="check")
