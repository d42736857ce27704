"""Rebuild what is bloated

Revision ID: 8af01d24f1c3
Revises: 4078396092c7
Create Date: 2026-01-06 05:15:30.039595
"""

from alembic import op

revision = "8af01d24f1c3"
down_revision = "4078396092c7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for kind, name in (("INDEX", "ix_articles_author"), ("TABLE", "articles")):
        op.execute(f"REINDEX {kind} CONCURRENTLY {name}")


def downgrade() -> None:
    raise NotImplementedError
