"""No notifications for sessions

Revision ID: e39826fad1fc
Revises: 0a04eb4e3b92
Create Date: 2026-11-15 04:10:34.328186
"""

from alembic import op

revision = "e39826fad1fc"
down_revision = "0a04eb4e3b92"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM notifications USING (SELECT 1) AS one")


def downgrade() -> None:
    raise NotImplementedError("notifications are gone")
