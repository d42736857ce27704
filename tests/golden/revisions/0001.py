"""Accounts "and" C:\\new \"\"\"more\"\"\" \"

Section 5.3 of docs/the "spec".md, lines 10 to 40.
Makes 1 role, 1 extension, 1 schema, 1 enum, 1 function, 1 table, 1 index, 1 trigger, 1 policy.

Revision ID: 0001
Revises: nothing
Create Date: 2024-01-01 00:00:00
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '5min'")

    op.execute(
        dedent("""
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app') THEN
                    CREATE ROLE app NOLOGIN;
                END IF;
            END
            $$
        """)
    )

    op.execute("CREATE EXTENSION IF NOT EXISTS citext")

    op.execute("CREATE SCHEMA billing")
    op.execute("COMMENT ON SCHEMA billing IS 'Money'")

    op.execute(sa.DDL("CREATE TYPE user_status AS ENUM ('active', 'it''s :odd:')"))

    # docs/the "spec".md:30
    op.execute(
        dedent(r"""
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.email ~ '^\d+\:x' THEN
                    RAISE EXCEPTION '100%';
                END IF;
                RETURN NEW;
            END
            $$
        """)
    )

    # Everybody who may sign in. (docs/the "spec".md:12)
    op.create_table(
        "users",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column(
            "status",
            postgresql.ENUM(
                "active",
                "it's :odd:",
                name="user_status",
                create_type=False,
            ),
            server_default=sa.text("'active'::user_status"),
            nullable=False,
        ),
        sa.Column(
            "settings",
            postgresql.JSONB(),
            server_default=sa.text("'{\"beta\"\\:true}'::jsonb"),
            nullable=False,
            comment="What they chose",
        ),
        sa.Column("favourite_order_id", sa.BigInteger()),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),
        sa.UniqueConstraint("email", name=op.f("users_email_key")),
        sa.CheckConstraint(
            "email::text ~ '^[^@]+:?@'::text",
            name=op.f("users_email_check"),
        ),
        comment='People who may sign in: customers and "staff".',
    )
    op.create_index(
        op.f("users_created_at_idx"),
        "users",
        [sa.text("created_at DESC")],
        postgresql_where=sa.text("status = 'active'::user_status"),
    )

    op.execute(
        "CREATE TRIGGER touch_users BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
    )

    op.execute(
        dedent("""
            CREATE POLICY "own row" ON users
                USING (true)
        """)
    )

    op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")

    op.execute("GRANT SELECT, INSERT ON users TO app")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '5min'")

    op.drop_table("users")
    op.execute("DROP FUNCTION touch()")
    op.execute("DROP TYPE user_status")
    op.execute("DROP SCHEMA billing")
    op.execute("DROP EXTENSION IF EXISTS citext")
    # Kept: app; roles are shared by all databases of the server.
