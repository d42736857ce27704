"""Points of customers: without the old name

Phase: contract

Revision ID: 28d9ea8e8adb
Revises: d47edc45fa0d
Create Date: 2026-06-02 01:11:31.116579
"""

import sqlalchemy as sa
from alembic import op

revision = "28d9ea8e8adb"
down_revision = "d47edc45fa0d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("customers", "old_points")


def downgrade() -> None:
    op.add_column("customers", sa.Column("old_points", sa.Integer()))
    op.execute("COMMENT ON COLUMN customers.old_points IS 'empty: see points'")
