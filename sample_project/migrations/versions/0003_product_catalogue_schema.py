"""Product Catalogue Schema

Section 5.7 of docs/06-technical-specification.md, lines 656 to 737.
Makes 1 enum, 4 tables, 1 trigger, 8 indexes.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-22 20:55:50.876309
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "CREATE TYPE product_kind AS ENUM ('pass', 'catering', 'equipment', 'service')",
    )

    # docs/06-technical-specification.md:665
    op.create_table(
        "product_categories",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column(
            "slug",
            postgresql.DOMAIN("slug", sa.Text(), create_type=False),
            nullable=False,
        ),
        sa.Column(
            "position",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("product_categories_pkey")),
        sa.UniqueConstraint("slug", name=op.f("product_categories_slug_key")),
        sa.CheckConstraint(
            "parent_id <> id",
            name=op.f("product_categories_not_own_parent"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["product_categories.id"],
            name=op.f("product_categories_parent_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # Main entity table for the catalogue (docs/06-technical-specification.md:676)
    op.create_table(
        "products",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("sku", sa.String(40, collation="C"), nullable=False),
        sa.Column(
            "kind",
            postgresql.ENUM(
                "pass",
                "catering",
                "equipment",
                "service",
                name="product_kind",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column(
            "description",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.String(20),
            server_default=sa.text("'piece'"),
            nullable=False,
        ),
        sa.Column(
            "attributes",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
        ),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', description), 'B')",
                persisted=True,
            ),
            comment="Maintained by PostgreSQL; never written.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("products_pkey")),
        sa.UniqueConstraint("sku", name=op.f("products_sku_key")),
        sa.CheckConstraint(
            "sku ~ '^[A-Z0-9]{2,8}(-[A-Z0-9]{1,8})*$'",
            name=op.f("products_sku_format"),
        ),
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_products_updated_at
                BEFORE UPDATE ON products
                FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # A product has one price per currency at any time (docs/06-technical-specification.md:700)
    op.create_table(
        "product_prices",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(3, collation="C"), nullable=False),
        sa.Column(
            "unit_price_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            nullable=False,
        ),
        sa.Column(
            "valid_during",
            postgresql.DATERANGE(),
            server_default=sa.text("DATERANGE(CURRENT_DATE, NULL)"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("product_prices_pkey")),
        postgresql.ExcludeConstraint(
            ("product_id", "="),
            ("currency", "="),
            ("valid_during", "&&"),
            name=op.f("product_prices_no_overlap"),
            using="gist",
        ),
        sa.ForeignKeyConstraint(
            ["currency"],
            ["currencies.code"],
            name=op.f("product_prices_currency_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("product_prices_product_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # docs/06-technical-specification.md:715
    op.create_table(
        "product_category_links",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "product_id",
            "category_id",
            name=op.f("product_category_links_pkey"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["product_categories.id"],
            name=op.f("product_category_links_category_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("product_category_links_product_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.create_index(
        op.f("idx_product_categories_parent"),
        "product_categories",
        ["parent_id", "position"],
    )

    op.create_index(
        op.f("idx_products_search"),
        "products",
        ["search_vector"],
        postgresql_using="gin",
        postgresql_where=sa.text("is_active"),
    )
    op.create_index(
        op.f("idx_products_kind"),
        "products",
        ["kind", "name"],
        postgresql_where=sa.text("is_active"),
    )
    op.create_index(
        op.f("idx_products_name_trgm"),
        "products",
        ["name"],
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("idx_products_allergens"),
        "products",
        [sa.text("(attributes ->> 'allergens')")],
        postgresql_where=sa.text("kind = 'catering'"),
    )

    op.create_index(
        op.f("idx_product_prices_product"),
        "product_prices",
        ["product_id", "currency"],
    )
    op.create_index(op.f("idx_product_prices_currency"), "product_prices", ["currency"])

    op.create_index(
        op.f("idx_product_category_links_category"),
        "product_category_links",
        ["category_id"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("product_category_links")
    op.drop_table("product_prices")
    op.drop_table("products")
    op.drop_table("product_categories")
    op.execute("DROP TYPE product_kind")
