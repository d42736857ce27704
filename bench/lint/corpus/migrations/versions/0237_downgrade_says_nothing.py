"""Colours of tenants

Revision ID: 7daec9c4f4fe
Revises: 378f8391ae07
Create Date: 2026-09-14 07:16:32.876803
"""

from alembic import op

revision = "7daec9c4f4fe"
down_revision = "378f8391ae07"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE tenants ADD COLUMN color text")


def downgrade():
    """Not needed."""
