"""Hits get a number

Downgrade loses: what was written into it meanwhile

Revision ID: b76374dbce3e
Revises: 7fa7eefa908d
Create Date: 2026-01-13 02:15:32.095028
"""

from alembic import op

revision = "b76374dbce3e"
down_revision = "7fa7eefa908d"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE hits ADD COLUMN number bigint NOT NULL")


def downgrade():
    op.execute("ALTER TABLE hits DROP COLUMN number")
