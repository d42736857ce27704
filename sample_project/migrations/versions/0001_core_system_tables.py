"""Core System Tables

Section 5.3 of docs/06-technical-specification.md, lines 57 to 272.
Makes 2 extensions, 2 schemas, 3 domains, 1 composite, 1 range, 1 enum, 4 functions, 6 tables, 11 indexes, 2 triggers.

Revision ID: 0001
Revises: nothing
Create Date: 2026-11-22 20:55:50.854990
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
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE EXTENSION IF NOT EXISTS citext")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

    op.execute("CREATE SCHEMA app")
    op.execute(
        "COMMENT ON SCHEMA app IS 'Helper functions used by policies, triggers and the API.'",
    )

    op.execute("CREATE SCHEMA audit")
    op.execute("COMMENT ON SCHEMA audit IS 'Audit trail; written by triggers only.'")

    op.execute(
        sa.DDL(
            dedent(r"""
                CREATE DOMAIN email_address AS citext
                    CONSTRAINT email_address_format CHECK (VALUE ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$')
            """)
        ),
    )

    op.execute(
        dedent("""
            CREATE DOMAIN slug AS text
                CONSTRAINT slug_format CHECK (VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
                CONSTRAINT slug_length CHECK (char_length(VALUE) <= 80)
        """)
    )

    op.execute(
        dedent("""
            CREATE DOMAIN amount_cents AS bigint
                CONSTRAINT amount_cents_not_negative CHECK (VALUE >= 0)
        """)
    )
    op.execute(
        "COMMENT ON DOMAIN amount_cents IS 'An amount in the minor unit of its currency.'",
    )

    op.execute(
        dedent("""
            CREATE TYPE postal_address AS (
                street text,
                postcode text,
                city text,
                region text
            )
        """)
    )
    op.execute(
        "COMMENT ON TYPE postal_address IS 'An address without its country, which is always a foreign key of its own.'",
    )

    op.execute("CREATE TYPE timerange AS RANGE (subtype = time)")

    op.execute(
        "CREATE TYPE account_status AS ENUM ('invited', 'active', 'suspended', 'closed')",
    )

    # Who is asking. The API sets both settings with SET LOCAL; a pooled connection then reports '' and not NULL. (docs/06-technical-specification.md:100)
    op.execute(
        dedent("""
            CREATE FUNCTION app.current_user_id() RETURNS uuid
                LANGUAGE sql STABLE PARALLEL SAFE
                RETURN NULLIF(current_setting('app.user_id', true), '')::uuid
        """)
    )
    op.execute(
        "COMMENT ON FUNCTION app.current_user_id() IS 'The signed-in user of this transaction, or NULL.'",
    )

    # docs/06-technical-specification.md:105
    op.execute(
        dedent("""
            CREATE FUNCTION app.current_tenant_id() RETURNS uuid
                LANGUAGE sql STABLE PARALLEL SAFE
                RETURN NULLIF(current_setting('app.tenant_id', true), '')::uuid
        """)
    )
    op.execute(
        "COMMENT ON FUNCTION app.current_tenant_id() IS 'The organisation that this transaction acts for, or NULL.'",
    )

    # One function keeps updated_at true on every table that has the column (docs/06-technical-specification.md:111)
    op.execute(
        dedent("""
            CREATE FUNCTION app.touch_updated_at() RETURNS trigger
                LANGUAGE plpgsql
            AS $$
            BEGIN
                NEW.updated_at := CURRENT_TIMESTAMP;
                RETURN NEW;
            END;
            $$
        """)
    )

    # docs/06-technical-specification.md:124
    op.create_table(
        "currencies",
        sa.Column("code", sa.CHAR(3, collation="C"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column(
            "minor_units",
            sa.SmallInteger(),
            server_default=sa.text("2"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("currencies_pkey")),
        sa.CheckConstraint("code ~ '^[A-Z]{3}$'", name=op.f("currencies_code_format")),
        sa.CheckConstraint(
            "minor_units BETWEEN 0 AND 4",
            name=op.f("currencies_minor_units_range"),
        ),
        comment="ISO 4217 currencies in which Harbourdesk invoices.",
    )

    # docs/06-technical-specification.md:134
    op.create_table(
        "countries",
        sa.Column("code", sa.CHAR(2, collation="C"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("default_currency", sa.CHAR(3, collation="C"), nullable=False),
        sa.Column(
            "vat_rate",
            sa.Numeric(5, 4),
            server_default=sa.text("0"),
            nullable=False,
            comment="Standard rate as a fraction: 0.2100 is 21 %.",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("countries_pkey")),
        sa.UniqueConstraint("name", name=op.f("countries_name_key")),
        sa.CheckConstraint("code ~ '^[A-Z]{2}$'", name=op.f("countries_code_format")),
        sa.CheckConstraint(
            "vat_rate >= 0 AND vat_rate < 1",
            name=op.f("countries_vat_rate_range"),
        ),
        sa.ForeignKeyConstraint(
            ["default_currency"],
            ["currencies.code"],
            name=op.f("countries_default_currency_fkey"),
        ),
        comment="Countries in which Harbourdesk runs buildings or has customers.",
    )
    op.create_index(
        op.f("idx_countries_default_currency"),
        "countries",
        ["default_currency"],
    )

    # Users table (core authentication) (docs/06-technical-specification.md:168)
    op.create_table(
        "users",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column(
            "email",
            postgresql.DOMAIN("email_address", postgresql.CITEXT(), create_type=False),
            nullable=False,
            comment="Sign-in name; compared without regard to case.",
        ),
        sa.Column("username", sa.String(50), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("first_name", sa.String(100)),
        sa.Column("last_name", sa.String(100)),
        sa.Column(
            "display_name",
            sa.Text(),
            sa.Computed(
                "COALESCE(NULLIF(TRIM(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')), ''), username)",
                persisted=True,
            ),
        ),
        sa.Column("avatar_url", sa.Text()),
        sa.Column(
            "status",
            postgresql.ENUM(
                "invited",
                "active",
                "suspended",
                "closed",
                name="account_status",
                create_type=False,
            ),
            server_default=sa.text("'invited'"),
            nullable=False,
        ),
        sa.Column("country_code", sa.CHAR(2, collation="C")),
        sa.Column(
            "locale",
            sa.String(16),
            server_default=sa.text("'en-GB'"),
            nullable=False,
        ),
        sa.Column("email_verified_at", sa.DateTime(timezone=True)),
        sa.Column("last_login_at", sa.DateTime(timezone=True)),
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
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            comment="Soft deletion: the row stays for invoices and the audit trail.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),
        sa.CheckConstraint(
            "status <> 'active' OR email_verified_at IS NOT NULL",
            name=op.f("users_active_is_verified"),
        ),
        sa.CheckConstraint(
            "deleted_at IS NULL OR status = 'closed'",
            name=op.f("users_deleted_is_closed"),
        ),
        sa.CheckConstraint(
            "username ~* '^[a-zA-Z0-9_]{3,50}$'",
            name=op.f("users_username_format"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"],
            ["countries.code"],
            name=op.f("users_country_code_fkey"),
            ondelete="SET NULL",
        ),
        comment="People who can sign in. A person may belong to several organisations.",
    )
    op.create_index(
        op.f("idx_users_email"),
        "users",
        ["email"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("idx_users_username"),
        "users",
        [sa.text("lower(username)")],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(op.f("idx_users_country"), "users", ["country_code"])
    op.create_index(
        op.f("idx_users_last_login"),
        "users",
        [sa.text("last_login_at DESC NULLS LAST")],
    )
    op.create_index(op.f("idx_users_created_at"), "users", [sa.text("created_at DESC")])
    op.create_index(
        op.f("idx_users_display_name_trgm"),
        "users",
        ["display_name"],
        postgresql_using="gin",
        postgresql_ops={"display_name": "gin_trgm_ops"},
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_users_updated_at
                BEFORE UPDATE ON users
                FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # User sessions for authentication; updated on every request, so pages keep room for HOT updates (docs/06-technical-specification.md:209)
    op.create_table(
        "user_sessions",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_token", sa.String(255), nullable=False),
        sa.Column("refresh_token", sa.String(255), nullable=False),
        sa.Column("ip_address", postgresql.INET()),
        sa.Column("user_agent", sa.Text()),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column(
            "last_accessed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("user_sessions_pkey")),
        sa.UniqueConstraint(
            "refresh_token",
            name=op.f("user_sessions_refresh_token_key"),
        ),
        sa.UniqueConstraint(
            "session_token",
            name=op.f("user_sessions_session_token_key"),
        ),
        sa.CheckConstraint(
            "expires_at > created_at",
            name=op.f("sessions_future_expiry"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("user_sessions_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.execute("ALTER TABLE user_sessions SET (fillfactor = 80)")
    op.create_index(
        op.f("idx_sessions_user"),
        "user_sessions",
        ["user_id", sa.text("expires_at DESC")],
    )
    op.create_index(op.f("idx_sessions_cleanup"), "user_sessions", ["expires_at"])

    # User roles and permissions (docs/06-technical-specification.md:227)
    op.create_table(
        "roles",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column(
            "permissions",
            postgresql.JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
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
        sa.PrimaryKeyConstraint("id", name=op.f("roles_pkey")),
        sa.UniqueConstraint("name", name=op.f("roles_name_key")),
        sa.CheckConstraint(
            "jsonb_typeof(permissions) = 'array'",
            name=op.f("roles_permissions_is_array"),
        ),
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_roles_updated_at
                BEFORE UPDATE ON roles
                FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
                EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # docs/06-technical-specification.md:243
    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column(
            "assigned_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("assigned_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("user_roles_pkey")),
        sa.ForeignKeyConstraint(
            ["assigned_by"],
            ["users.id"],
            name=op.f("user_roles_assigned_by_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["roles.id"],
            name=op.f("user_roles_role_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("user_roles_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("idx_user_roles_role"), "user_roles", ["role_id"])
    op.create_index(
        op.f("idx_user_roles_assigned_by"),
        "user_roles",
        ["assigned_by"],
        postgresql_where=sa.text("assigned_by IS NOT NULL"),
    )

    # Policies ask this with owner rights, so that the answer does not depend on what the asker may read (docs/06-technical-specification.md:261)
    op.execute(
        dedent("""
            CREATE FUNCTION app.is_platform_admin() RETURNS boolean
                LANGUAGE sql STABLE SECURITY DEFINER
                SET search_path = ''
            AS $$
                SELECT EXISTS (
                    SELECT 1
                    FROM public.user_roles AS ur
                    JOIN public.roles AS r ON r.id = ur.role_id
                    WHERE ur.user_id = app.current_user_id() AND r.name = 'platform_admin'
                )
            $$
        """)
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("DROP FUNCTION app.is_platform_admin()")
    op.drop_table("user_roles")
    op.drop_table("roles")
    op.drop_table("user_sessions")
    op.drop_table("users")
    op.drop_table("countries")
    op.drop_table("currencies")
    op.execute("DROP FUNCTION app.touch_updated_at()")
    op.execute("DROP FUNCTION app.current_tenant_id()")
    op.execute("DROP FUNCTION app.current_user_id()")
    op.execute("DROP TYPE account_status")
    op.execute("DROP TYPE timerange")
    op.execute("DROP TYPE postal_address")
    op.execute("DROP DOMAIN amount_cents")
    op.execute("DROP DOMAIN slug")
    op.execute("DROP DOMAIN email_address")
    op.execute("DROP SCHEMA audit")
    op.execute("DROP SCHEMA app")
    op.execute("DROP EXTENSION IF EXISTS pg_trgm")
    op.execute("DROP EXTENSION IF EXISTS citext")
