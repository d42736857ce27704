"""Stock belongs to products

Revision ID: 589f26edcdd2
Revises: ac3b1ec5c90d
Create Date: 2026-05-06 07:15:32.926523
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "589f26edcdd2"
down_revision: str | Sequence[str] | None = "ac3b1ec5c90d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The primary key begins with warehouse_id: it does not help.
    op.create_foreign_key(
        "fk_stock_levels_product", "stock_levels", "products", ["product_id"], ["id"], postgresql_not_valid=True
    )


def downgrade() -> None:
    op.drop_constraint("fk_stock_levels_product", "stock_levels", type_="foreignkey")
