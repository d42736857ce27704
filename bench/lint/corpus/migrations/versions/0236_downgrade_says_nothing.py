"""Colours of tenants

Revision ID: 7daec9c4f4fe
Revises: f7ed1c57e242
Create Date: 2026-09-13 06:15:31.868884
"""

from alembic import op

revision = "7daec9c4f4fe"
down_revision = "f7ed1c57e242"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE tenants ADD COLUMN color text")


def downgrade():
    """Not needed."""
