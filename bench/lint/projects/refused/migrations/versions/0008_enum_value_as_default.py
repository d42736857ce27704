"""Archived articles

Revision ID: 6cdaa94157ac
Revises: 571eb0b12962
Create Date: 2026-01-09 08:11:33.063352
"""

from alembic import op

revision = "6cdaa94157ac"
down_revision = "571eb0b12962"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TYPE article_state ADD VALUE IF NOT EXISTS 'archived'")
    op.execute("ALTER TABLE articles ALTER COLUMN state SET DEFAULT 'archived'")


def downgrade() -> None:
    raise NotImplementedError
