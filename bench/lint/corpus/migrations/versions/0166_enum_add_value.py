"""Paid in parts

Revision ID: ee3d83d68c1d
Revises: 045ac9f9bd00
Create Date: 2026-06-27 06:15:31.314554
"""

from alembic import op

revision = "ee3d83d68c1d"
down_revision = "045ac9f9bd00"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'part_paid' AFTER 'new'")


def downgrade() -> None:
    raise NotImplementedError("PostgreSQL cannot take a value away")
