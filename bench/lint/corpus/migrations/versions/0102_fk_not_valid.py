"""Authors of reviews, from now on

Revision ID: b1b169f3fbc7
Revises: 8994a13caa84
Create Date: 2026-04-19 02:14:32.807738
"""

from alembic import op

revision = "b1b169f3fbc7"
down_revision = "8994a13caa84"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_foreign_key(
        "fk_reviews_author", "reviews", "customers", ["author_id"], ["id"], postgresql_not_valid=True
    )


def downgrade() -> None:
    op.drop_constraint("fk_reviews_author", "reviews", type_="foreignkey")
