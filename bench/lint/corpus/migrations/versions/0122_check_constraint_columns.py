"""Stock cannot be negative

Revision ID: f586a2117ccb
Revises: 13ad40979ae8
Create Date: 2026-05-11 02:13:32.966118
"""

import sqlalchemy as sa
from alembic import op

revision = "f586a2117ccb"
down_revision = "13ad40979ae8"
branch_labels = None
depends_on = None

on_hand = sa.column("on_hand", sa.Integer())


def upgrade() -> None:
    op.create_check_constraint("stock_not_negative", "stock_levels", on_hand >= 0)


def downgrade() -> None:
    op.drop_constraint("stock_not_negative", "stock_levels", type_="check")
