"""Orders "and" C:\\new \"\"\"more\"\"\" \"

Section 5.4 of docs/the "spec".md, lines 41 to 80.

Makes 2 tables, 1 index, 1 materialized view.
Downgrade locks: users (while rows are read or written)

Revision ID: 0002
Revises: 0001
Create Date: 2024-01-01 00:00:00
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '5min'")

    # What was bought: "the order" (docs/the "spec".md:44)
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "total",
            sa.Numeric(12, 2),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("orders_pkey")),
        postgresql.ExcludeConstraint(
            ("during", "&&"),
            name=op.f("orders_during_excl"),
            using="gist",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("orders_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # Added by itself, because the tables need each other.
    # vibe: ignore[fk-not-valid] reason="users is new: it has no rows to read yet"
    op.create_foreign_key(
        op.f("users_favourite_order_id_fkey"),
        "users",
        "orders",
        ["favourite_order_id"],
        ["id"],
        ondelete="SET NULL",
    )

    op.create_index(op.f("orders_user_id_idx"), "orders", ["user_id"])

    op.execute("GRANT SELECT, INSERT ON orders TO app")

    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("no", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("invoices_pkey")),
        schema="billing",
    )

    # Per user (docs/the "spec".md:70)
    op.execute(
        dedent("""
            CREATE MATERIALIZED VIEW billing.totals AS
             SELECT user_id,
                sum(total) AS total
               FROM orders
              GROUP BY user_id
        """)
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '5min'")

    op.execute("DROP MATERIALIZED VIEW billing.totals")
    op.drop_table("invoices", schema="billing")
    op.drop_constraint(
        op.f("users_favourite_order_id_fkey"),
        "users",
        type_="foreignkey",
    )
    op.execute(
        "UPDATE users SET favourite_order_id = NULL WHERE favourite_order_id IS NOT NULL",
    )
    op.drop_table("orders")
