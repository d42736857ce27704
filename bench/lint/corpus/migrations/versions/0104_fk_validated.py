"""Authors of all reviews

Revision ID: 68193107e9a7
Revises: e7a974c07a04
Create Date: 2026-04-21 04:16:34.823576
"""

from alembic import op

revision = "68193107e9a7"
down_revision = "e7a974c07a04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE reviews VALIDATE CONSTRAINT fk_reviews_author")


def downgrade() -> None:
    raise NotImplementedError("a validated constraint stays")
