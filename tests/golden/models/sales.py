"""Sales."""

import enum
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, PgType, enum_values

if TYPE_CHECKING:
    from .accounts import User


class OrderStatus(enum.StrEnum):
    """How far an order has come."""

    PENDING = "pending"
    IN_PROGRESS = "in-progress"
    DONE = "done"


log_lines = sa.Table(
    "log_lines",
    Base.metadata,
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("line", sa.Text()),
)


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.Index(
            "idx_orders_open",
            sa.text("total DESC"),
            postgresql_where=sa.text("status <> 'done'::order_status"),
        ),
    )

    id: Mapped[int] = mapped_column(
        sa.BigInteger(),
        sa.Identity(always=True),
        primary_key=True,
    )
    customer_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="RESTRICT"),
        index=True,
    )
    approved_by: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", name="fk_orders_approved_by", ondelete="SET NULL"),
    )
    status: Mapped[OrderStatus] = mapped_column(
        sa.Enum(OrderStatus, name="order_status", values_callable=enum_values),
        server_default=sa.text("'pending'::order_status"),
    )
    total: Mapped[Decimal] = mapped_column(
        sa.Numeric(12, 2),
        server_default=sa.text("0"),
    )
    tags: Mapped[list[str]] = mapped_column(
        postgresql.ARRAY(sa.Text()),
        server_default=sa.text("'{}'::text[]"),
        comment="Free words",
    )

    customer: Mapped["User"] = relationship(
        foreign_keys=[customer_id],
        back_populates="customer_orders",
    )
    approved_by_user: Mapped["User | None"] = relationship(
        foreign_keys=[approved_by],
        back_populates="approved_orders",
    )
    order_items: Mapped[list["OrderItem"]] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    receipt: Mapped["Receipt | None"] = relationship(
        back_populates="order",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class OrderItem(Base):
    __tablename__ = "order_items"

    order_id: Mapped[int] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE"),
        primary_key=True,
    )
    line: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]

    order: Mapped["Order"] = relationship(back_populates="order_items")


class Receipt(Base):
    __tablename__ = "receipts"

    order_id: Mapped[int] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE"),
        primary_key=True,
    )
    path: Mapped[Any] = mapped_column(PgType("ltree"), nullable=False)

    order: Mapped["Order"] = relationship(back_populates="receipt")
