"""Imports know their format

Downgrade loses: what was written into it meanwhile

Revision ID: 6ed17180087a
Revises: ef4ef2f22b59
Create Date: 2026-02-19 06:14:31.364274
"""

from alembic import op

revision = "6ed17180087a"
down_revision = "ef4ef2f22b59"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE imports ADD COLUMN encoding text, ADD COLUMN format text NOT NULL")


def downgrade():
    op.execute("ALTER TABLE imports DROP COLUMN format, DROP COLUMN encoding")
