"""Search articles by state; the last index is out of the block

Revision ID: 571eb0b12962
Revises: c7c3759e6d88
Create Date: 2026-01-08 07:10:32.055433
"""

from alembic import op

revision = "571eb0b12962"
down_revision = "c7c3759e6d88"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_articles_state", "articles", ["state"], postgresql_concurrently=True)
    op.create_index("ix_articles_state_title", "articles", ["state", "title"], postgresql_concurrently=True)


def downgrade() -> None:
    raise NotImplementedError
