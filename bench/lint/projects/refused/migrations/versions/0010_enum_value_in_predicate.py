"""An index of hidden articles

Revision ID: dce9192054c9
Revises: 7c7a33645024
Create Date: 2026-01-11 00:13:30.079190
"""

from alembic import op

revision = "dce9192054c9"
down_revision = "7c7a33645024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TYPE article_state ADD VALUE IF NOT EXISTS 'hidden' BEFORE 'public';
        ALTER TABLE articles ADD CONSTRAINT articles_hidden CHECK (state <> 'hidden' OR title IS NOT NULL) NOT VALID;
        """
    )


def downgrade() -> None:
    raise NotImplementedError
