"""Search articles by title

Revision ID: c1ea07d1d98c
Revises: 1405df66cbe2
Create Date: 2026-01-03 02:12:32.015838
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c1ea07d1d98c"
down_revision: str | Sequence[str] | None = "1405df66cbe2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_articles_title", "articles", ["title"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_articles_title", "articles", postgresql_concurrently=True, if_exists=True)
