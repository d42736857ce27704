"""Orders Schema

Section 5.8 of docs/06-technical-specification.md, lines 739 to 869.

Makes 2 enums, 4 tables, 2 triggers, 1 function, 10 indexes.
Downgrade locks: bookings (while rows are read or written)

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22 20:55:50.896626
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "CREATE TYPE order_status AS ENUM ('draft', 'placed', 'fulfilled', 'cancelled')",
    )

    op.execute("CREATE TYPE discount_kind AS ENUM ('percentage', 'fixed_amount')")

    # Main entity table for orders (docs/06-technical-specification.md:750)
    op.create_table(
        "orders",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid()),
        sa.Column(
            "status",
            postgresql.ENUM(
                "draft",
                "placed",
                "fulfilled",
                "cancelled",
                name="order_status",
                create_type=False,
            ),
            server_default=sa.text("'draft'"),
            nullable=False,
        ),
        sa.Column("currency", sa.CHAR(3, collation="C"), nullable=False),
        sa.Column(
            "total_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("placed_at", sa.DateTime(timezone=True)),
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
        sa.PrimaryKeyConstraint("id", name=op.f("orders_pkey")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("orders_tenant_key")),
        sa.CheckConstraint(
            "status = 'draft' OR placed_at IS NOT NULL",
            name=op.f("orders_placed_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["currency"],
            ["currencies.code"],
            name=op.f("orders_currency_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("orders_location_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("orders_organization_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["placed_by"],
            ["users.id"],
            name=op.f("orders_placed_by_fkey"),
            ondelete="RESTRICT",
        ),
    )

    # Added by itself, because the tables need each other.
    # vibe: ignore[fk-not-valid] reason="bookings is new: it has no rows to read yet"
    op.create_foreign_key(
        op.f("bookings_order_id_fkey"),
        "bookings",
        "orders",
        ["order_id"],
        ["id"],
        ondelete="SET NULL",
    )

    # docs/06-technical-specification.md:766
    op.create_table(
        "order_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("line_number", sa.SmallInteger(), nullable=False),
        sa.Column("product_id", sa.Uuid()),
        sa.Column("booking_id", sa.Uuid()),
        sa.Column("description", sa.String(300), nullable=False),
        sa.Column(
            "quantity",
            sa.Numeric(10, 2),
            server_default=sa.text("1"),
            nullable=False,
        ),
        sa.Column(
            "unit_price_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            nullable=False,
        ),
        sa.Column(
            "discount_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "total_cents",
            sa.BigInteger(),
            sa.Computed(
                "round(quantity * unit_price_cents)::BIGINT - discount_cents",
                persisted=True,
            ),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("order_lines_pkey")),
        sa.UniqueConstraint(
            "order_id",
            "line_number",
            name=op.f("order_lines_number_per_order"),
        ),
        sa.CheckConstraint(
            "discount_cents <= round(quantity * unit_price_cents)",
            name=op.f("order_lines_discount_within_price"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(product_id, booking_id) = 1",
            name=op.f("order_lines_product_or_booking"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("order_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["booking_id", "organization_id"],
            ["bookings.id", "bookings.organization_id"],
            name=op.f("order_lines_booking_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "organization_id"],
            ["orders.id", "orders.organization_id"],
            name=op.f("order_lines_order_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("order_lines_product_id_fkey"),
            ondelete="RESTRICT",
        ),
    )

    # docs/06-technical-specification.md:789
    op.create_table(
        "discount_codes",
        sa.Column("code", sa.String(32, collation="C"), nullable=False),
        sa.Column("organization_id", sa.Uuid()),
        sa.Column(
            "kind",
            postgresql.ENUM(
                "percentage",
                "fixed_amount",
                name="discount_kind",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column("percentage", sa.Numeric(5, 2)),
        sa.Column(
            "amount_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
        ),
        sa.Column("currency", sa.CHAR(3, collation="C")),
        sa.Column("max_uses", sa.Integer()),
        sa.Column(
            "used_count",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "valid_during",
            postgresql.TSTZRANGE(),
            server_default=sa.text("TSTZRANGE(CURRENT_TIMESTAMP, NULL)"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("discount_codes_pkey")),
        sa.CheckConstraint(
            "code ~ '^[A-Z0-9]{4,32}$'",
            name=op.f("discount_codes_format"),
        ),
        sa.CheckConstraint(
            "max_uses IS NULL OR used_count <= max_uses",
            name=op.f("discount_codes_use_limit"),
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'percentage' THEN percentage > 0 AND percentage <= 100 AND amount_cents IS NULL ELSE amount_cents > 0 AND currency IS NOT NULL AND percentage IS NULL END",
            name=op.f("discount_codes_value_fits_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["currency"],
            ["currencies.code"],
            name=op.f("discount_codes_currency_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("discount_codes_organization_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_orders_updated_at
                BEFORE UPDATE ON orders
                FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
                EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # A placed order adds up: checked at commit, so that lines and total may be written in any order (docs/06-technical-specification.md:816)
    op.execute(
        dedent("""
            CREATE FUNCTION app.check_order_total() RETURNS trigger
                LANGUAGE plpgsql
            AS $$
            DECLARE
                expected bigint;
            BEGIN
                IF NEW.status = 'draft' THEN
                    RETURN NULL;
                END IF;
                SELECT COALESCE(sum(l.total_cents), 0) INTO expected FROM order_lines AS l WHERE l.order_id = NEW.id;
                IF NEW.total_cents <> expected THEN
                    RAISE EXCEPTION 'order % is % but its lines add up to %', NEW.id, NEW.total_cents, expected
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_total_matches_lines';
                END IF;
                RETURN NULL;
            END;
            $$
        """)
    )

    op.execute(
        dedent("""
            CREATE CONSTRAINT TRIGGER orders_total_matches_lines
                AFTER INSERT OR UPDATE OF status, total_cents ON orders
                DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION app.check_order_total()
        """)
    )

    # docs/06-technical-specification.md:842
    op.create_table(
        "order_discounts",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(32, collation="C"), nullable=False),
        sa.Column(
            "discount_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            nullable=False,
        ),
        sa.Column(
            "applied_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("order_id", "code", name=op.f("order_discounts_pkey")),
        sa.ForeignKeyConstraint(
            ["code"],
            ["discount_codes.code"],
            name=op.f("order_discounts_code_fkey"),
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("order_discounts_order_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.create_index(
        op.f("idx_orders_organization"),
        "orders",
        ["organization_id", sa.text("created_at DESC")],
    )
    op.create_index(op.f("idx_orders_placed_by"), "orders", ["placed_by"])
    op.create_index(
        op.f("idx_orders_location"),
        "orders",
        ["location_id"],
        postgresql_where=sa.text("location_id IS NOT NULL"),
    )
    op.create_index(op.f("idx_orders_currency"), "orders", ["currency"])
    op.create_index(
        op.f("idx_orders_open"),
        "orders",
        ["placed_at"],
        postgresql_where=sa.text("status = 'placed'"),
    )

    op.create_index(
        op.f("idx_order_lines_product"),
        "order_lines",
        ["product_id"],
        postgresql_where=sa.text("product_id IS NOT NULL"),
    )
    op.create_index(
        op.f("idx_order_lines_booking"),
        "order_lines",
        ["booking_id", "organization_id"],
        postgresql_where=sa.text("booking_id IS NOT NULL"),
    )

    op.create_index(
        op.f("idx_discount_codes_organization"),
        "discount_codes",
        ["organization_id"],
    )
    op.create_index(op.f("idx_discount_codes_currency"), "discount_codes", ["currency"])

    op.create_index(op.f("idx_order_discounts_code"), "order_discounts", ["code"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("order_discounts")
    op.execute("DROP TRIGGER orders_total_matches_lines ON orders")
    op.execute("DROP FUNCTION app.check_order_total()")
    op.drop_table("discount_codes")
    op.drop_table("order_lines")
    op.drop_constraint(op.f("bookings_order_id_fkey"), "bookings", type_="foreignkey")
    op.execute("UPDATE bookings SET order_id = NULL WHERE order_id IS NOT NULL")
    op.drop_table("orders")
    op.execute("DROP TYPE discount_kind")
    op.execute("DROP TYPE order_status")
