"""Points of customers: without the old name

Phase: contract
Downgrade loses: the values of old_points

Revision ID: 28d9ea8e8adb
Revises: 20092a9cf327
Create Date: 2026-06-01 00:10:30.108660
"""

import sqlalchemy as sa
from alembic import op

revision = "28d9ea8e8adb"
down_revision = "20092a9cf327"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("customers", "old_points")


def downgrade() -> None:
    op.add_column("customers", sa.Column("old_points", sa.Integer()))
    op.execute("COMMENT ON COLUMN customers.old_points IS 'empty: see points'")
