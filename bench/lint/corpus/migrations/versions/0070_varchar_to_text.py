"""Postcodes of any length

Revision ID: efdda42ca96f
Revises: fe928466fd3a
Create Date: 2026-03-15 00:10:30.554330
"""

from alembic import op

revision = "efdda42ca96f"
down_revision = "fe928466fd3a"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE addresses ALTER COLUMN postcode TYPE text")


def downgrade():
    raise NotImplementedError("postcodes may be longer")
