"""Double amounts, computed once

Downgrade loses: what was written into it meanwhile

Revision ID: 6fc97544b8c3
Revises: 9d706f0cc981
Create Date: 2026-01-04 03:13:33.023757
"""

from alembic import op

revision = "6fc97544b8c3"
down_revision = "9d706f0cc981"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD COLUMN twice numeric GENERATED ALWAYS AS (net * 2) STORED")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP COLUMN twice")
