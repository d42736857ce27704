"""Products of reviews

Revision ID: ac3b1ec5c90d
Revises: 5b30ed345dbb
Create Date: 2026-05-05 06:14:31.918604
"""

from alembic import op

revision = "ac3b1ec5c90d"
down_revision = "5b30ed345dbb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reviews") as batch_op:
        batch_op.create_foreign_key("fk_reviews_product", "products", ["product_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("reviews") as batch_op:
        batch_op.drop_constraint("fk_reviews_product", type_="foreignkey")
