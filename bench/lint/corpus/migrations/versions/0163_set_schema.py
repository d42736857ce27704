"""Feature flags move to the archive

Revision ID: 81d60e4dc21a
Revises: 1de1d5530e05
Create Date: 2026-06-24 03:12:33.290797
"""

from alembic import op

revision = "81d60e4dc21a"
down_revision = "1de1d5530e05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE feature_flags SET SCHEMA archive")


def downgrade() -> None:
    raise NotImplementedError
