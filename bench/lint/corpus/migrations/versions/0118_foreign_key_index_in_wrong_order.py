"""Stock belongs to products

Revision ID: 589f26edcdd2
Revises: ce4a801fc903
Create Date: 2026-05-07 08:16:33.934442
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "589f26edcdd2"
down_revision: str | Sequence[str] | None = "ce4a801fc903"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The primary key begins with warehouse_id: it does not help.
    op.create_foreign_key(
        "fk_stock_levels_product", "stock_levels", "products", ["product_id"], ["id"], postgresql_not_valid=True
    )


def downgrade() -> None:
    op.drop_constraint("fk_stock_levels_product", "stock_levels", type_="foreignkey")
