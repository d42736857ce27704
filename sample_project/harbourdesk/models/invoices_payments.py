"""Invoices and Payments Schema.

Specification: docs/06-technical-specification.md, section 5.9
"""

import datetime as dt
import enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, PgType, enum_values

if TYPE_CHECKING:
    from .core_system import Currency, User
    from .orders import Order
    from .organisations_membership import Organization


class PaymentMethodKind(enum.StrEnum):
    CARD = "card"
    SEPA_DEBIT = "sepa_debit"
    BANK_TRANSFER = "bank_transfer"


class InvoiceStatus(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


class PaymentStatus(enum.StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class PaymentMethod(Base):
    __tablename__ = "payment_methods"
    __table_args__ = (
        sa.CheckConstraint(
            "kind <> 'card' OR (last_four IS NOT NULL AND expires_on IS NOT NULL)",
            name="payment_methods_card_expires",
        ),
        sa.CheckConstraint(
            "last_four ~ '^[0-9]{4}$'",
            name="payment_methods_last_four_digits",
        ),
        sa.Index("idx_payment_methods_organization", "organization_id"),
        sa.Index(
            "idx_payment_methods_single_default",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("is_default"),
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"),
    )
    kind: Mapped[PaymentMethodKind] = mapped_column(
        sa.Enum(
            PaymentMethodKind,
            name="payment_method_kind",
            values_callable=enum_values,
        ),
    )
    provider_token: Mapped[str] = mapped_column(
        sa.String(120),
        unique=True,
        comment="Reference at the payment provider; card numbers never reach this database.",
    )
    last_four: Mapped[str | None] = mapped_column(sa.CHAR(4))
    expires_on: Mapped[dt.date | None]
    is_default: Mapped[bool] = mapped_column(server_default=sa.text("false"))
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    organization: Mapped["Organization"] = relationship(
        back_populates="payment_methods",
    )
    payments: Mapped[list["Payment"]] = relationship(
        back_populates="payment_method",
        passive_deletes=True,
    )


class Invoice(Base):
    """What an organisation owes for a billing period."""

    __tablename__ = "invoices"
    __table_args__ = (
        sa.UniqueConstraint("id", "organization_id", name="invoices_tenant_key"),
        sa.CheckConstraint("due_on >= period_end", name="invoices_due_after_period"),
        sa.CheckConstraint(
            "status IN ('draft', 'void') OR due_on IS NOT NULL",
            name="invoices_open_has_due_date",
        ),
        sa.CheckConstraint(
            "status <> 'paid' OR paid_cents = net_cents + vat_cents",
            name="invoices_paid_in_full",
        ),
        sa.CheckConstraint("period_start < period_end", name="invoices_period_order"),
        sa.Index("idx_invoices_currency", "currency"),
        sa.Index(
            "idx_invoices_due",
            "due_on",
            postgresql_include=["organization_id", "balance_cents"],
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.Index(
            "idx_invoices_organization",
            "organization_id",
            sa.text("period_start DESC"),
        ),
        {"comment": "What an organisation owes for a billing period."},
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="RESTRICT"),
    )
    invoice_number: Mapped[str] = mapped_column(
        sa.Text(collation="C"),
        server_default=sa.text(
            "'INV-'::text || nextval('invoice_number_seq'::regclass)",
        ),
        unique=True,
    )
    status: Mapped[InvoiceStatus] = mapped_column(
        sa.Enum(InvoiceStatus, name="invoice_status", values_callable=enum_values),
        server_default=sa.text("'draft'"),
    )
    currency: Mapped[str] = mapped_column(sa.ForeignKey("currencies.code"))
    period_start: Mapped[dt.date]
    period_end: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    net_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
        server_default=sa.text("0"),
    )
    vat_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
        server_default=sa.text("0"),
    )
    paid_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
        server_default=sa.text("0"),
    )
    total_cents: Mapped[int | None] = mapped_column(
        sa.BigInteger(),
        sa.Computed("net_cents::bigint + vat_cents::bigint", persisted=True),
    )
    balance_cents: Mapped[int | None] = mapped_column(
        sa.BigInteger(),
        sa.Computed(
            "net_cents::bigint + vat_cents::bigint - paid_cents::bigint",
            persisted=True,
        ),
    )
    billing_address: Mapped[Any | None] = mapped_column(
        PgType("postal_address"),
        nullable=True,
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    organization: Mapped["Organization"] = relationship(back_populates="invoices")
    currency_ref: Mapped["Currency"] = relationship(back_populates="invoices")
    payments: Mapped[list["Payment"]] = relationship(
        back_populates="invoice",
        passive_deletes="all",
    )
    invoice_orders: Mapped[list["InvoiceOrder"]] = relationship(
        back_populates="invoice",
        cascade="all, delete-orphan",
        passive_deletes=True,
        overlaps="invoice_order,order",
    )


class Payment(Base):
    __tablename__ = "payments"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["invoice_id", "organization_id"],
            ["invoices.id", "invoices.organization_id"],
            name="payments_invoice_fkey",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint("amount_cents > 0", name="payments_amount_positive"),
        sa.CheckConstraint(
            "(status = 'failed') = (failure_code IS NOT NULL)",
            name="payments_failed_has_code",
        ),
        sa.CheckConstraint(
            "status <> 'succeeded' OR settled_at IS NOT NULL",
            name="payments_settled_has_time",
        ),
        sa.Index("idx_payments_invoice", "invoice_id", "organization_id"),
        sa.Index(
            "idx_payments_method",
            "payment_method_id",
            postgresql_where=sa.text("payment_method_id IS NOT NULL"),
        ),
        sa.Index(
            "idx_payments_provider_status",
            sa.text("(provider_response ->> 'status')"),
            postgresql_where=sa.text("status = 'pending'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    invoice_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    payment_method_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("payment_methods.id", ondelete="SET NULL"),
    )
    status: Mapped[PaymentStatus] = mapped_column(
        sa.Enum(PaymentStatus, name="payment_status", values_callable=enum_values),
        server_default=sa.text("'pending'"),
    )
    amount_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
    )
    provider_reference: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    provider_response: Mapped[dict[str, Any] | None]
    failure_code: Mapped[str | None] = mapped_column(sa.String(60))
    settled_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    invoice: Mapped["Invoice"] = relationship(back_populates="payments")
    payment_method: Mapped["PaymentMethod | None"] = relationship(
        back_populates="payments",
    )
    refunds: Mapped[list["Refund"]] = relationship(
        back_populates="payment",
        passive_deletes="all",
    )


class Refund(Base):
    __tablename__ = "refunds"
    __table_args__ = (
        sa.CheckConstraint("amount_cents > 0", name="refunds_amount_positive"),
        sa.CheckConstraint("btrim(reason) <> ''", name="refunds_reason_given"),
        sa.Index("idx_refunds_payment", "payment_id"),
        sa.Index("idx_refunds_refunded_by", "refunded_by"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    payment_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("payments.id", ondelete="RESTRICT"),
    )
    amount_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
    )
    reason: Mapped[str]
    refunded_by: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"),
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    payment: Mapped["Payment"] = relationship(back_populates="refunds")
    refunded_by_user: Mapped["User | None"] = relationship(back_populates="refunds")


class InvoiceOrder(Base):
    """An order is billed once"""

    __tablename__ = "invoice_orders"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["invoice_id", "organization_id"],
            ["invoices.id", "invoices.organization_id"],
            name="invoice_orders_invoice_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "organization_id"],
            ["orders.id", "orders.organization_id"],
            name="invoice_orders_order_fkey",
            ondelete="RESTRICT",
        ),
        sa.Index("idx_invoice_orders_invoice", "invoice_id", "organization_id"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID]
    organization_id: Mapped[UUID]

    order: Mapped["Order"] = relationship(
        back_populates="invoice_order",
        overlaps="invoice,invoice_orders",
    )
    invoice: Mapped["Invoice"] = relationship(
        back_populates="invoice_orders",
        overlaps="invoice_order,order",
    )
