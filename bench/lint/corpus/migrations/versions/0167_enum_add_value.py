"""Paid in parts

Revision ID: ee3d83d68c1d
Revises: 2c4a3abfb43c
Create Date: 2026-06-28 07:16:32.322473
"""

from alembic import op

revision = "ee3d83d68c1d"
down_revision = "2c4a3abfb43c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'part_paid' AFTER 'new'")


def downgrade() -> None:
    raise NotImplementedError("PostgreSQL cannot take a value away")
