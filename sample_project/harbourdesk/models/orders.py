"""Orders Schema.

Specification: docs/06-technical-specification.md, section 5.8
"""

import datetime as dt
import enum
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, enum_values

if TYPE_CHECKING:
    from .bookings import Booking
    from .core_system import Currency, User
    from .invoices_payments import InvoiceOrder
    from .locations_spaces import Location
    from .organisations_membership import Organization
    from .product_catalogue import Product


class OrderStatus(enum.StrEnum):
    DRAFT = "draft"
    PLACED = "placed"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


class DiscountKind(enum.StrEnum):
    PERCENTAGE = "percentage"
    FIXED_AMOUNT = "fixed_amount"


class Order(Base):
    """Main entity table for orders"""

    __tablename__ = "orders"
    __table_args__ = (
        sa.UniqueConstraint("id", "organization_id", name="orders_tenant_key"),
        sa.CheckConstraint(
            "status = 'draft' OR placed_at IS NOT NULL",
            name="orders_placed_has_time",
        ),
        sa.Index("idx_orders_currency", "currency"),
        sa.Index(
            "idx_orders_location",
            "location_id",
            postgresql_where=sa.text("location_id IS NOT NULL"),
        ),
        sa.Index(
            "idx_orders_open",
            "placed_at",
            postgresql_where=sa.text("status = 'placed'"),
        ),
        sa.Index(
            "idx_orders_organization",
            "organization_id",
            sa.text("created_at DESC"),
        ),
        sa.Index("idx_orders_placed_by", "placed_by"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="RESTRICT"),
    )
    placed_by: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="RESTRICT"),
    )
    location_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("locations.id", ondelete="SET NULL"),
    )
    status: Mapped[OrderStatus] = mapped_column(
        sa.Enum(OrderStatus, name="order_status", values_callable=enum_values),
        server_default=sa.text("'draft'"),
    )
    currency: Mapped[str] = mapped_column(sa.ForeignKey("currencies.code"))
    total_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
        server_default=sa.text("0"),
    )
    placed_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    organization: Mapped["Organization"] = relationship(back_populates="orders")
    placed_by_user: Mapped["User"] = relationship(back_populates="orders")
    location: Mapped["Location | None"] = relationship(back_populates="orders")
    currency_ref: Mapped["Currency"] = relationship(back_populates="orders")
    bookings: Mapped[list["Booking"]] = relationship(
        back_populates="order",
        passive_deletes=True,
    )
    order_lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
        overlaps="booking,order_lines",
    )
    order_discounts: Mapped[list["OrderDiscount"]] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    invoice_order: Mapped["InvoiceOrder | None"] = relationship(
        back_populates="order",
        passive_deletes="all",
        overlaps="invoice,invoice_orders",
    )


class OrderLine(Base):
    __tablename__ = "order_lines"
    __table_args__ = (
        sa.UniqueConstraint(
            "order_id",
            "line_number",
            name="order_lines_number_per_order",
        ),
        sa.ForeignKeyConstraint(
            ["booking_id", "organization_id"],
            ["bookings.id", "bookings.organization_id"],
            name="order_lines_booking_fkey",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "organization_id"],
            ["orders.id", "orders.organization_id"],
            name="order_lines_order_fkey",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "discount_cents <= round(quantity * unit_price_cents)",
            name="order_lines_discount_within_price",
        ),
        sa.CheckConstraint(
            "num_nonnulls(product_id, booking_id) = 1",
            name="order_lines_product_or_booking",
        ),
        sa.CheckConstraint("quantity > 0", name="order_lines_quantity_positive"),
        sa.Index(
            "idx_order_lines_booking",
            "booking_id",
            "organization_id",
            postgresql_where=sa.text("booking_id IS NOT NULL"),
        ),
        sa.Index(
            "idx_order_lines_product",
            "product_id",
            postgresql_where=sa.text("product_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(
        sa.BigInteger(),
        sa.Identity(always=True),
        primary_key=True,
    )
    order_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    line_number: Mapped[int] = mapped_column(sa.SmallInteger())
    product_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("products.id", ondelete="RESTRICT"),
    )
    booking_id: Mapped[UUID | None]
    description: Mapped[str] = mapped_column(sa.String(300))
    quantity: Mapped[Decimal] = mapped_column(
        sa.Numeric(10, 2),
        server_default=sa.text("1"),
    )
    unit_price_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
    )
    discount_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
        server_default=sa.text("0"),
    )
    total_cents: Mapped[int | None] = mapped_column(
        sa.BigInteger(),
        sa.Computed(
            "round(quantity * unit_price_cents::numeric)::bigint - discount_cents::bigint",
            persisted=True,
        ),
    )

    order: Mapped["Order"] = relationship(
        back_populates="order_lines",
        overlaps="booking,order_lines",
    )
    product: Mapped["Product | None"] = relationship(back_populates="order_lines")
    booking: Mapped["Booking | None"] = relationship(
        back_populates="order_lines",
        overlaps="order,order_lines",
    )


class DiscountCode(Base):
    __tablename__ = "discount_codes"
    __table_args__ = (
        sa.CheckConstraint("code ~ '^[A-Z0-9]{4,32}$'", name="discount_codes_format"),
        sa.CheckConstraint(
            "max_uses IS NULL OR used_count <= max_uses",
            name="discount_codes_use_limit",
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'percentage' THEN percentage > 0 AND percentage <= 100 AND amount_cents IS NULL ELSE amount_cents > 0 AND currency IS NOT NULL AND percentage IS NULL END",
            name="discount_codes_value_fits_kind",
        ),
        sa.Index("idx_discount_codes_currency", "currency"),
        sa.Index("idx_discount_codes_organization", "organization_id"),
    )

    code: Mapped[str] = mapped_column(sa.String(32, collation="C"), primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"),
    )
    kind: Mapped[DiscountKind] = mapped_column(
        sa.Enum(DiscountKind, name="discount_kind", values_callable=enum_values),
    )
    percentage: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    amount_cents: Mapped[int | None] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
    )
    currency: Mapped[str | None] = mapped_column(sa.ForeignKey("currencies.code"))
    max_uses: Mapped[int | None]
    used_count: Mapped[int] = mapped_column(server_default=sa.text("0"))
    valid_during: Mapped[postgresql.Range[dt.datetime]] = mapped_column(
        postgresql.TSTZRANGE(),
        server_default=sa.text("TSTZRANGE(CURRENT_TIMESTAMP, NULL)"),
    )

    organization: Mapped["Organization | None"] = relationship(
        back_populates="discount_codes",
    )
    currency_ref: Mapped["Currency | None"] = relationship(
        back_populates="discount_codes",
    )
    order_discounts: Mapped[list["OrderDiscount"]] = relationship(
        back_populates="code_discount_code",
        passive_deletes="all",
    )


class OrderDiscount(Base):
    __tablename__ = "order_discounts"
    __table_args__ = (sa.Index("idx_order_discounts_code", "code"),)

    order_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE"),
        primary_key=True,
    )
    code: Mapped[str] = mapped_column(
        sa.ForeignKey("discount_codes.code", ondelete="RESTRICT", onupdate="CASCADE"),
        primary_key=True,
    )
    discount_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
    )
    applied_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    order: Mapped["Order"] = relationship(back_populates="order_discounts")
    code_discount_code: Mapped["DiscountCode"] = relationship(
        back_populates="order_discounts",
    )
