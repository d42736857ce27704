"""Product Catalogue Schema.

Specification: docs/06-technical-specification.md, section 5.7
"""

import datetime as dt
import enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, enum_values

if TYPE_CHECKING:
    from .core_system import Currency
    from .orders import OrderLine


class ProductKind(enum.StrEnum):
    PASS = "pass"
    CATERING = "catering"
    EQUIPMENT = "equipment"
    SERVICE = "service"


product_category_links = sa.Table(
    "product_category_links",
    Base.metadata,
    sa.Column(
        "product_id",
        sa.ForeignKey("products.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column(
        "category_id",
        sa.ForeignKey("product_categories.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Index("idx_product_category_links_category", "category_id"),
)


class ProductCategory(Base):
    __tablename__ = "product_categories"
    __table_args__ = (
        sa.CheckConstraint("parent_id <> id", name="product_categories_not_own_parent"),
        sa.Index("idx_product_categories_parent", "parent_id", "position"),
    )

    id: Mapped[int] = mapped_column(sa.Identity(always=True), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("product_categories.id", ondelete="CASCADE"),
    )
    name: Mapped[str] = mapped_column(sa.String(100))
    slug: Mapped[str] = mapped_column(
        postgresql.DOMAIN("slug", sa.Text(), create_type=False),
        unique=True,
    )
    position: Mapped[int] = mapped_column(server_default=sa.text("0"))

    parent: Mapped["ProductCategory | None"] = relationship(
        remote_side="ProductCategory.id",
        back_populates="children",
    )
    children: Mapped[list["ProductCategory"]] = relationship(
        back_populates="parent",
        cascade="all",
        passive_deletes=True,
    )
    products: Mapped[list["Product"]] = relationship(
        secondary="product_category_links",
        back_populates="product_categories",
        passive_deletes=True,
    )


class Product(Base):
    """Main entity table for the catalogue"""

    __tablename__ = "products"
    __table_args__ = (
        sa.CheckConstraint(
            "sku ~ '^[A-Z0-9]{2,8}(-[A-Z0-9]{1,8})*$'",
            name="products_sku_format",
        ),
        sa.Index(
            "idx_products_allergens",
            sa.text("(attributes ->> 'allergens')"),
            postgresql_where=sa.text("kind = 'catering'"),
        ),
        sa.Index(
            "idx_products_kind",
            "kind",
            "name",
            postgresql_where=sa.text("is_active"),
        ),
        sa.Index(
            "idx_products_name_trgm",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
        sa.Index(
            "idx_products_search",
            "search_vector",
            postgresql_using="gin",
            postgresql_where=sa.text("is_active"),
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    sku: Mapped[str] = mapped_column(sa.String(40, collation="C"), unique=True)
    kind: Mapped[ProductKind] = mapped_column(
        sa.Enum(ProductKind, name="product_kind", values_callable=enum_values),
    )
    name: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(server_default=sa.text("''"))
    unit: Mapped[str] = mapped_column(sa.String(20), server_default=sa.text("'piece'"))
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'"))
    is_active: Mapped[bool] = mapped_column(server_default=sa.text("true"))
    search_vector: Mapped[str | None] = mapped_column(
        postgresql.TSVECTOR(),
        sa.Computed(
            "setweight(to_tsvector('english'::regconfig, name::text), 'A'::\"char\") || setweight(to_tsvector('english'::regconfig, description), 'B'::\"char\")",
            persisted=True,
        ),
        comment="Maintained by PostgreSQL; never written.",
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    product_prices: Mapped[list["ProductPrice"]] = relationship(
        back_populates="product",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    order_lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="product",
        passive_deletes="all",
    )
    product_categories: Mapped[list["ProductCategory"]] = relationship(
        secondary="product_category_links",
        back_populates="products",
        passive_deletes=True,
    )


class ProductPrice(Base):
    """A product has one price per currency at any time"""

    __tablename__ = "product_prices"
    __table_args__ = (
        postgresql.ExcludeConstraint(
            ("product_id", "="),
            ("currency", "="),
            ("valid_during", "&&"),
            name="product_prices_no_overlap",
            using="gist",
        ),
        sa.Index("idx_product_prices_currency", "currency"),
        sa.Index("idx_product_prices_product", "product_id", "currency"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    product_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("products.id", ondelete="CASCADE"),
    )
    currency: Mapped[str] = mapped_column(sa.ForeignKey("currencies.code"))
    unit_price_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
    )
    valid_during: Mapped[postgresql.Range[dt.date]] = mapped_column(
        postgresql.DATERANGE(),
        server_default=sa.text("DATERANGE(CURRENT_DATE, NULL)"),
    )

    product: Mapped["Product"] = relationship(back_populates="product_prices")
    currency_ref: Mapped["Currency"] = relationship(back_populates="product_prices")
