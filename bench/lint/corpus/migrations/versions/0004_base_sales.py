"""Orders and what follows from them

Downgrade loses: what was written into it meanwhile

Revision ID: 1f484e3e28b8
Revises: 2995a21da6a2
Create Date: 2026-01-05 04:14:34.031676
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = "1f484e3e28b8"
down_revision: str | Sequence[str] | None = "2995a21da6a2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=False, index=True),
        sa.Column("status", postgresql.ENUM(name="order_status", create_type=False), server_default="new", nullable=False),
        sa.Column("reference", sa.String(30)),
        sa.Column("quantity", sa.Integer()),
        sa.Column("total", sa.Numeric(12, 2)),
        sa.Column("discount", sa.Numeric(12, 4)),
        sa.Column("note", sa.Text()),
        sa.Column("channel", sa.Text()),
        sa.Column("currency", sa.Text()),
        sa.Column("placed_at", sa.DateTime(timezone=True)),
        sa.Column("shipped_at", sa.DateTime()),
        sa.Column("gift_note", sa.Text()),
        sa.Column("sales_rep", sa.Text()),
        sa.Column("po_number", sa.String(30)),
        sa.Column("payload", postgresql.JSONB()),
        sa.Column("billing_address_id", sa.BigInteger()),
        sa.Column("delivery_address_id", sa.BigInteger()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_orders_status", "orders", ["status"])
    op.create_index("ix_orders_placed_at", "orders", ["placed_at"])
    op.create_index("ix_orders_channel", "orders", ["channel"])
    op.create_table(
        "order_items",
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False, index=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(8, 2)),
        sa.Column("comment", sa.Text()),
        sa.Column("tax_rate", sa.Numeric(5, 2)),
        sa.PrimaryKeyConstraint("order_id", "line_no"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("method", sa.Text()),
        sa.Column("provider_ref", sa.Text()),
        sa.Column("captured_at", sa.DateTime(timezone=True)),
        sa.Column("fee", sa.Numeric(12, 2), server_default="0", nullable=False),
        sa.Column("payer", sa.Text(), nullable=False, server_default="customer"),
        sa.Column("iban", sa.Text()),
    )
    op.create_index("ix_payments_order_id", "payments", ["order_id"])
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("order_id", sa.BigInteger(), nullable=False, index=True),
        sa.Column("number", sa.Text()),
        sa.Column("amount", sa.Numeric(12, 2)),
        sa.Column("due_on", sa.Date()),
        sa.Column("paid", sa.Boolean()),
        sa.Column("customer_note", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("tax_total", sa.Numeric(12, 2)),
    )
    op.create_table(
        "refunds",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger()),
        sa.Column("amount", sa.Numeric(12, 2)),
        sa.Column("reason", sa.Text()),
        sa.Column("approved_by", sa.BigInteger()),
        sa.Column("state", sa.Text()),
    )
    op.create_table(
        "coupons",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("percent", sa.Integer()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("used", sa.Integer(), server_default="0"),
        sa.Column("campaign", sa.Text()),
    )
    op.create_table(
        "carts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger()),
        sa.Column("token", sa.Text()),
        sa.Column("items", postgresql.JSONB()),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "wishlists",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger()),
        sa.Column("title", sa.Text()),
    )


def downgrade() -> None:
    for table in ("wishlists", "carts", "coupons", "refunds", "invoices", "payments", "order_items", "orders"):
        op.drop_table(table)
