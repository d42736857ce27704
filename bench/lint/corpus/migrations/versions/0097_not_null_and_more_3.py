"""States of returns are NOT NULL

Downgrade loses: what was written into it meanwhile

Revision ID: e8bc2b8fdbf3
Revises: d6d768536d63
Create Date: 2026-04-14 07:16:32.768143
"""

from alembic import op

revision = "e8bc2b8fdbf3"
down_revision = "d6d768536d63"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE returns ALTER COLUMN state SET NOT NULL")


def downgrade():
    op.execute("ALTER TABLE returns ALTER COLUMN state DROP NOT NULL")
