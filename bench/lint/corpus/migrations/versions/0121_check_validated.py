"""Stars are one to five

Revision ID: 13ad40979ae8
Revises: 6c880cf9fc51
Create Date: 2026-05-10 01:12:31.958199
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "13ad40979ae8"
down_revision: str | Sequence[str] | None = "6c880cf9fc51"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE reviews VALIDATE CONSTRAINT reviews_stars")


def downgrade():
    raise NotImplementedError("a validated constraint stays")
