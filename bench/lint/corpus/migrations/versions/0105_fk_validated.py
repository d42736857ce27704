"""Authors of all reviews

Revision ID: 68193107e9a7
Revises: a629dcec77db
Create Date: 2026-04-22 05:10:30.831495
"""

from alembic import op

revision = "68193107e9a7"
down_revision = "a629dcec77db"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE reviews VALIDATE CONSTRAINT fk_reviews_author")


def downgrade() -> None:
    raise NotImplementedError("a validated constraint stays")
