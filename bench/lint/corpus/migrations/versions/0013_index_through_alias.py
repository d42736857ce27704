"""Search reviews by language

Revision ID: 2d88f0788452
Revises: ce5855768b3a
Create Date: 2026-01-14 03:16:33.102947
"""

from collections.abc import Sequence

import alembic.op as o

# revision identifiers, used by Alembic.
revision: str = "2d88f0788452"
down_revision: str | Sequence[str] | None = "ce5855768b3a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    o.create_index("ix_reviews_language", "reviews", ["language"], postgresql_using="hash")


def downgrade() -> None:
    with o.get_context().autocommit_block():
        o.drop_index("ix_reviews_language", "reviews", postgresql_concurrently=True)
