"""Texts for the help pages

Downgrade loses: what was written into it meanwhile

Revision ID: 218f71e67fc4
Revises: 6db0869a2c19
Create Date: 2026-06-11 00:13:30.187850
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "218f71e67fc4"
down_revision: str | Sequence[str] | None = "6db0869a2c19"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HELP = "DROP TABLE customers; ALTER TABLE orders DROP COLUMN total; CREATE INDEX ix ON orders (id);"


def upgrade() -> None:
    help_pages = op.create_table(
        "help_pages",
        sa.Column("slug", sa.Text(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.bulk_insert(help_pages, [{"slug": "danger", "body": HELP}, {"slug": "none", "body": "TRUNCATE; it's fine"}])


def downgrade() -> None:
    op.drop_table("help_pages")
