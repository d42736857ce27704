"""Articles

Downgrade loses: what was written into it meanwhile

Revision ID: 1405df66cbe2
Revises:
Create Date: 2026-01-02 01:11:31.007919
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "1405df66cbe2"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TYPE article_state AS ENUM ('draft', 'public')")
    op.execute("CREATE TABLE articles (id bigint PRIMARY KEY, title text, body text, author text, state article_state DEFAULT 'draft')")
    op.execute("CREATE INDEX ix_articles_author ON articles (author)")
    op.execute("CREATE TABLE hits (id bigint, day date) PARTITION BY RANGE (day)")
    op.execute("CREATE TABLE hits_2025 PARTITION OF hits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')")


def downgrade() -> None:
    op.execute("DROP TABLE hits, articles")
    op.execute("DROP TYPE article_state")
