"""Search products by SKU

Revision ID: df9d85d57671
Revises: 58060bc73d9f
Create Date: 2026-01-20 09:15:34.150461
"""

from alembic import op

revision = "df9d85d57671"
down_revision = "58060bc73d9f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_products_sku", "products", ["sku"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_products_sku", table_name="products", postgresql_concurrently=True)
