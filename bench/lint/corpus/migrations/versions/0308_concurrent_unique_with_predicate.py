"""One open draft for a title

Revision ID: a6f7e2c66bc8
Revises: 272e83d690db
Create Date: 2026-12-01 08:10:33.439052
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a6f7e2c66bc8"
down_revision: str | Sequence[str] | None = "272e83d690db"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            op.f("uq_drafts_title"),
            "drafts",
            [sa.text("lower(title)")],
            unique=True,
            postgresql_where=sa.text("title IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(op.f("uq_drafts_title"), table_name="drafts", postgresql_concurrently=True)
