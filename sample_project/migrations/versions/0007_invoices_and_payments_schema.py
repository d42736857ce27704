"""Invoices and Payments Schema

Section 5.9 of docs/06-technical-specification.md, lines 871 to 1017.
Makes 3 enums, 1 sequence, 5 tables, 1 trigger, 2 functions, 11 indexes.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22 20:55:50.902938
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "CREATE TYPE invoice_status AS ENUM ('draft', 'open', 'paid', 'void', 'uncollectible')",
    )

    op.execute("CREATE TYPE payment_status AS ENUM ('pending', 'succeeded', 'failed')")

    op.execute(
        "CREATE TYPE payment_method_kind AS ENUM ('card', 'sepa_debit', 'bank_transfer')",
    )

    op.execute("CREATE SEQUENCE invoice_number_seq MINVALUE 100001")
    op.execute(
        "COMMENT ON SEQUENCE invoice_number_seq IS 'Numbers are given in order; a rolled-back invoice leaves a gap.'",
    )

    # docs/06-technical-specification.md:885
    op.create_table(
        "payment_methods",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            postgresql.ENUM(
                "card",
                "sepa_debit",
                "bank_transfer",
                name="payment_method_kind",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "provider_token",
            sa.String(120),
            nullable=False,
            comment="Reference at the payment provider; card numbers never reach this database.",
        ),
        sa.Column("last_four", sa.CHAR(4)),
        sa.Column("expires_on", sa.Date()),
        sa.Column(
            "is_default",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_methods_pkey")),
        sa.UniqueConstraint(
            "provider_token",
            name=op.f("payment_methods_provider_token_key"),
        ),
        sa.CheckConstraint(
            "kind <> 'card' OR (last_four IS NOT NULL AND expires_on IS NOT NULL)",
            name=op.f("payment_methods_card_expires"),
        ),
        sa.CheckConstraint(
            "last_four ~ '^[0-9]{4}$'",
            name=op.f("payment_methods_last_four_digits"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("payment_methods_organization_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # Main entity table for billing (docs/06-technical-specification.md:901)
    op.create_table(
        "invoices",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "invoice_number",
            sa.Text(collation="C"),
            server_default=sa.text("'INV-' || nextval('invoice_number_seq')"),
            nullable=False,
        ),
        sa.Column(
            "status",
            postgresql.ENUM(
                "draft",
                "open",
                "paid",
                "void",
                "uncollectible",
                name="invoice_status",
                create_type=False,
            ),
            server_default=sa.text("'draft'"),
            nullable=False,
        ),
        sa.Column("currency", sa.CHAR(3, collation="C"), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column(
            "net_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "vat_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "paid_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "total_cents",
            sa.BigInteger(),
            sa.Computed("net_cents + vat_cents", persisted=True),
        ),
        sa.Column(
            "balance_cents",
            sa.BigInteger(),
            sa.Computed("net_cents + vat_cents - paid_cents", persisted=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("invoices_pkey")),
        sa.UniqueConstraint("invoice_number", name=op.f("invoices_invoice_number_key")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("invoices_tenant_key")),
        sa.ForeignKeyConstraint(
            ["currency"],
            ["currencies.code"],
            name=op.f("invoices_currency_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("invoices_organization_id_fkey"),
            ondelete="RESTRICT",
        ),
        comment="What an organisation owes for a billing period.",
    )
    op.execute("ALTER TABLE invoices ADD COLUMN billing_address postal_address")
    op.execute(
        "ALTER TABLE invoices ADD CONSTRAINT invoices_due_after_period CHECK (due_on >= period_end)",
    )
    op.execute(
        "ALTER TABLE invoices ADD CONSTRAINT invoices_open_has_due_date CHECK (status IN ('draft', 'void') OR due_on IS NOT NULL)",
    )
    op.execute(
        "ALTER TABLE invoices ADD CONSTRAINT invoices_paid_in_full CHECK (status <> 'paid' OR paid_cents = net_cents + vat_cents)",
    )
    op.execute(
        "ALTER TABLE invoices ADD CONSTRAINT invoices_period_order CHECK (period_start < period_end)",
    )

    # docs/06-technical-specification.md:927
    op.create_table(
        "payments",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("payment_method_id", sa.Uuid()),
        sa.Column(
            "status",
            postgresql.ENUM(
                "pending",
                "succeeded",
                "failed",
                name="payment_status",
                create_type=False,
            ),
            server_default=sa.text("'pending'"),
            nullable=False,
        ),
        sa.Column(
            "amount_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            nullable=False,
        ),
        sa.Column("provider_reference", sa.String(120)),
        sa.Column("provider_response", postgresql.JSONB()),
        sa.Column("failure_code", sa.String(60)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("payments_pkey")),
        sa.UniqueConstraint(
            "provider_reference",
            name=op.f("payments_provider_reference_key"),
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("payments_amount_positive")),
        sa.CheckConstraint(
            "(status = 'failed') = (failure_code IS NOT NULL)",
            name=op.f("payments_failed_has_code"),
        ),
        sa.CheckConstraint(
            "status <> 'succeeded' OR settled_at IS NOT NULL",
            name=op.f("payments_settled_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id", "organization_id"],
            ["invoices.id", "invoices.organization_id"],
            name=op.f("payments_invoice_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["payment_method_id"],
            ["payment_methods.id"],
            name=op.f("payments_payment_method_id_fkey"),
            ondelete="SET NULL",
        ),
    )

    # docs/06-technical-specification.md:947
    op.create_table(
        "refunds",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "amount_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refunded_by", sa.Uuid()),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("refunds_pkey")),
        sa.CheckConstraint("amount_cents > 0", name=op.f("refunds_amount_positive")),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("refunds_reason_given")),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            name=op.f("refunds_payment_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["refunded_by"],
            ["users.id"],
            name=op.f("refunds_refunded_by_fkey"),
            ondelete="SET NULL",
        ),
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_invoices_updated_at
                BEFORE UPDATE ON invoices
                FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # What is still open, over all invoices of an organisation (docs/06-technical-specification.md:964)
    op.execute(
        dedent("""
            CREATE FUNCTION app.outstanding_cents(organization uuid) RETURNS bigint
                LANGUAGE sql STABLE
            BEGIN ATOMIC
                SELECT COALESCE(sum(i.balance_cents), 0)::bigint
                FROM invoices AS i
                WHERE i.organization_id = organization AND i.status = 'open';
            END
        """)
    )

    # Turns the drafts of a period into open invoices; run once a month by the billing service (docs/06-technical-specification.md:973)
    op.execute(
        dedent("""
            CREATE PROCEDURE app.close_billing_period(IN until DATE, IN payment_terms INTERVAL DEFAULT INTERVAL '14 days')
                LANGUAGE plpgsql
            AS $$
            BEGIN
                UPDATE invoices
                SET status = 'open', due_on = (period_end + payment_terms)::date
                WHERE status = 'draft' AND period_end <= until;
            END;
            $$
        """)
    )

    # An order is billed once (docs/06-technical-specification.md:987)
    op.create_table(
        "invoice_orders",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("invoice_orders_pkey")),
        sa.ForeignKeyConstraint(
            ["invoice_id", "organization_id"],
            ["invoices.id", "invoices.organization_id"],
            name=op.f("invoice_orders_invoice_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "organization_id"],
            ["orders.id", "orders.organization_id"],
            name=op.f("invoice_orders_order_fkey"),
            ondelete="RESTRICT",
        ),
    )

    op.create_index(
        op.f("idx_payment_methods_organization"),
        "payment_methods",
        ["organization_id"],
    )
    op.create_index(
        op.f("idx_payment_methods_single_default"),
        "payment_methods",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )

    op.create_index(
        op.f("idx_invoices_organization"),
        "invoices",
        ["organization_id", sa.text("period_start DESC")],
    )
    op.create_index(op.f("idx_invoices_currency"), "invoices", ["currency"])
    op.create_index(
        op.f("idx_invoices_due"),
        "invoices",
        ["due_on"],
        postgresql_include=["organization_id", "balance_cents"],
        postgresql_where=sa.text("status = 'open'"),
    )

    op.create_index(
        op.f("idx_payments_invoice"),
        "payments",
        ["invoice_id", "organization_id"],
    )
    op.create_index(
        op.f("idx_payments_method"),
        "payments",
        ["payment_method_id"],
        postgresql_where=sa.text("payment_method_id IS NOT NULL"),
    )
    op.create_index(
        op.f("idx_payments_provider_status"),
        "payments",
        [sa.text("(provider_response ->> 'status')")],
        postgresql_where=sa.text("status = 'pending'"),
    )

    op.create_index(op.f("idx_refunds_payment"), "refunds", ["payment_id"])
    op.create_index(op.f("idx_refunds_refunded_by"), "refunds", ["refunded_by"])

    op.create_index(
        op.f("idx_invoice_orders_invoice"),
        "invoice_orders",
        ["invoice_id", "organization_id"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("invoice_orders")
    op.execute("DROP PROCEDURE app.close_billing_period(date, interval)")
    op.execute("DROP FUNCTION app.outstanding_cents(uuid)")
    op.drop_table("refunds")
    op.drop_table("payments")
    op.drop_table("invoices")
    op.drop_table("payment_methods")
    op.execute("DROP SEQUENCE invoice_number_seq")
    op.execute("DROP TYPE payment_method_kind")
    op.execute("DROP TYPE payment_status")
    op.execute("DROP TYPE invoice_status")
