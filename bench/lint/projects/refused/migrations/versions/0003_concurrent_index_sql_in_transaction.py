"""Search articles by body

Revision ID: bac4a04b46f7
Revises: c1ea07d1d98c
Create Date: 2026-01-04 03:13:33.023757
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "bac4a04b46f7"
down_revision: str | Sequence[str] | None = "c1ea07d1d98c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("""CREATE UNIQUE INDEX CONCURRENTLY ix_articles_body ON articles (md5(body))""")


def downgrade():
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_articles_body")
