"""Authors of reviews, from now on

Revision ID: b1b169f3fbc7
Revises: bcf057859aeb
Create Date: 2026-04-18 01:13:31.799819
"""

from alembic import op

revision = "b1b169f3fbc7"
down_revision = "bcf057859aeb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_foreign_key(
        "fk_reviews_author", "reviews", "customers", ["author_id"], ["id"], postgresql_not_valid=True
    )


def downgrade() -> None:
    op.drop_constraint("fk_reviews_author", "reviews", type_="foreignkey")
