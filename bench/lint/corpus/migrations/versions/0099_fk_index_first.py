"""Search reviews by author

Revision ID: 7c8b2fb233ff
Revises: b725aeae7972
Create Date: 2026-04-16 09:11:34.783981
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7c8b2fb233ff"
down_revision: str | Sequence[str] | None = "b725aeae7972"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_reviews_author_id", "reviews", ["author_id"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_reviews_author_id", "reviews", postgresql_concurrently=True)
