"""Every webhook has a version

Downgrade loses: what was written into it meanwhile

Revision ID: 66cdc1995707
Revises: e5ff9771c10b
Create Date: 2026-10-28 09:16:34.209401
"""

from alembic import op

revision = "66cdc1995707"
down_revision = "e5ff9771c10b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE webhooks ADD COLUMN version integer DEFAULT 1")
    op.execute("ALTER TABLE webhooks ALTER COLUMN version SET NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE webhooks DROP COLUMN version")
