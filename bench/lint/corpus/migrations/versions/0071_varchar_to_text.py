"""Postcodes of any length

Revision ID: efdda42ca96f
Revises: 1d9bfdea380f
Create Date: 2026-03-16 01:11:31.562249
"""

from alembic import op

revision = "efdda42ca96f"
down_revision = "1d9bfdea380f"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE addresses ALTER COLUMN postcode TYPE text")


def downgrade():
    raise NotImplementedError("postcodes may be longer")
