"""What is sold

Downgrade loses: what was written into it meanwhile

Revision ID: 2995a21da6a2
Revises: aa4cde73f8dc
Create Date: 2026-01-04 03:13:33.023757
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = "2995a21da6a2"
down_revision: str | Sequence[str] | None = "aa4cde73f8dc"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "suppliers",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vat_id", sa.String(20)),
        sa.Column("contact", sa.Text()),
        sa.Column("fax", sa.Text()),
        sa.Column("rating", sa.Integer()),
        sa.Column("since", sa.Date()),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("supplier_id", sa.BigInteger(), nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text()),
        sa.Column("price", sa.Numeric(8, 2), nullable=False),
        sa.Column("cost", sa.Numeric(8, 2)),
        sa.Column("weight", sa.Integer()),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("color", sa.String(30)),
        sa.Column("barcode", sa.String(13)),
        sa.Column("brand", sa.Text()),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("attributes", postgresql.JSONB()),
        sa.Column("released_on", sa.Date()),
        sa.Column("min_age", sa.Integer()),
        sa.Column("warranty", sa.Text()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name="fk_products_supplier"),
    )
    op.create_index("ix_products_supplier_id", "products", ["supplier_id"])
    op.create_index("ix_products_title", "products", ["title"])
    op.create_index("ix_products_brand", "products", ["brand"])
    op.create_index("ix_products_color", "products", ["color"])
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("product_id", sa.BigInteger(), nullable=False, index=True),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("stars", sa.Integer()),
        sa.Column("body", sa.Text()),
        sa.Column("language", sa.String(5)),
        sa.Column("helpful", sa.Integer(), server_default="0"),
        sa.Column("hidden", sa.Boolean()),
    )
    op.create_table(
        "Legacy Items",
        sa.Column("Item No", sa.BigInteger(), primary_key=True),
        sa.Column("Description", sa.Text()),
        sa.Column("Unit", sa.String(10)),
    )
    op.create_table(
        "price_rules",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.TSTZRANGE()),
        sa.Column("percent", sa.Integer()),
        sa.Column("note", sa.Text()),
    )
    op.create_table(
        "bundles",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("rank", sa.Integer()),
    )


def downgrade() -> None:
    op.drop_table("bundles")
    op.drop_table("price_rules")
    op.drop_table("Legacy Items")
    op.drop_table("reviews")
    op.drop_table("products")
    op.drop_table("suppliers")
