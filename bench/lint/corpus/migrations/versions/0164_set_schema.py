"""Feature flags move to the archive

Revision ID: 81d60e4dc21a
Revises: 05bdce4fac48
Create Date: 2026-06-25 04:13:34.298716
"""

from alembic import op

revision = "81d60e4dc21a"
down_revision = "05bdce4fac48"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE feature_flags SET SCHEMA archive")


def downgrade() -> None:
    raise NotImplementedError
