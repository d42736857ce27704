"""Stars are one to five

Revision ID: 13ad40979ae8
Revises: 589f26edcdd2
Create Date: 2026-05-08 09:10:34.942361
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "13ad40979ae8"
down_revision: str | Sequence[str] | None = "589f26edcdd2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE reviews VALIDATE CONSTRAINT reviews_stars")


def downgrade():
    raise NotImplementedError("a validated constraint stays")
