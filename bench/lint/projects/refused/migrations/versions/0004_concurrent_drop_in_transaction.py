"""Nobody searches by author

Revision ID: 4078396092c7
Revises: bac4a04b46f7
Create Date: 2026-01-05 04:14:34.031676
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4078396092c7"
down_revision: str | Sequence[str] | None = "bac4a04b46f7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_articles_author", table_name="articles", postgresql_concurrently=True)


def downgrade() -> None:
    raise NotImplementedError
