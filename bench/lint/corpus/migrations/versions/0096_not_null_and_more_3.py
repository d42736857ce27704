"""States of returns are NOT NULL

Downgrade loses: what was written into it meanwhile

Revision ID: e8bc2b8fdbf3
Revises: c68480a4db9a
Create Date: 2026-04-13 06:15:31.760224
"""

from alembic import op

revision = "e8bc2b8fdbf3"
down_revision = "c68480a4db9a"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE returns ALTER COLUMN state SET NOT NULL")


def downgrade():
    op.execute("ALTER TABLE returns ALTER COLUMN state DROP NOT NULL")
