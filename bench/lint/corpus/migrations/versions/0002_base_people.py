"""Tenants, customers and their addresses

Downgrade loses: what was written into it meanwhile

Revision ID: aa4cde73f8dc
Revises: dd36cef672a4
Create Date: 2026-01-03 02:12:32.015838
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = "aa4cde73f8dc"
down_revision: str | Sequence[str] | None = "dd36cef672a4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(40)),
        sa.Column("plan", sa.Text(), server_default="free"),
        sa.Column("region", sa.Text()),
        sa.Column("tax_number", sa.String(20)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger(), sa.ForeignKey("tenants.id"), nullable=False, index=True),
        sa.Column("email", sa.String(120)),
        sa.Column("phone", sa.String(20)),
        sa.Column("full_name", sa.Text()),
        sa.Column("nickname", sa.Text()),
        sa.Column("status", sa.String(20), server_default="new", nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("level", sa.SmallInteger()),
        sa.Column("balance", sa.Numeric(10, 2)),
        sa.Column("credit_limit", sa.Numeric(10, 2)),
        sa.Column("birthday", sa.Date()),
        sa.Column("seen_at", sa.DateTime()),
        sa.Column("network", postgresql.CIDR()),
        sa.Column("code", sa.CHAR(6)),
        sa.Column("referrer_id", sa.BigInteger()),
        sa.Column("manager_id", sa.BigInteger()),
        sa.Column("settings", postgresql.JSONB()),
        sa.Column("wakes_at", postgresql.TIME(precision=3)),
        sa.Column("legacy_ref", sa.Text()),
        sa.Column("old_points", sa.Integer()),
        sa.Column("old_tier", sa.Text()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_customers_email", "customers", ["email"])
    op.create_index("ix_customers_nickname", "customers", ["nickname"])
    op.create_index("ix_customers_status", "customers", ["status"])
    op.create_table(
        "addresses",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("street", sa.Text()),
        sa.Column("city", sa.Text()),
        sa.Column("postcode", sa.String(12)),
        sa.Column("country", sa.CHAR(2)),
        sa.Column("kind", sa.Text(), server_default="home"),
        sa.Column("label", sa.Text(), server_default="main", nullable=False),
        sa.Column("verified", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("floor", sa.Integer()),
        sa.Column("door", sa.Text()),
        sa.Column("geohash", sa.Text()),
    )
    op.create_index("ix_addresses_customer_id", "addresses", ["customer_id"])
    op.create_index("ix_addresses_city", "addresses", ["city"])
    op.create_foreign_key("fk_addresses_customer", "addresses", "customers", ["customer_id"], ["id"])


def downgrade() -> None:
    op.drop_table("addresses")
    op.drop_table("customers")
    op.drop_table("tenants")
