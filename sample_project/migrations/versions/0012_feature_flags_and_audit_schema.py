"""Feature Flags and Audit Schema

Section 5.14 of docs/06-technical-specification.md, lines 1329 to 1441.
Makes 3 tables, 5 triggers, 1 function, 5 indexes.

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-22 20:55:50.933865
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # docs/06-technical-specification.md:1336
    op.create_table(
        "feature_flags",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "is_enabled",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column(
            "rollout_percentage",
            sa.SmallInteger(),
            server_default=sa.text("0"),
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
        sa.PrimaryKeyConstraint("key", name=op.f("feature_flags_pkey")),
        sa.CheckConstraint(
            "key ~ '^[a-z][a-z0-9_]*$'",
            name=op.f("feature_flags_key_format"),
        ),
        sa.CheckConstraint(
            "rollout_percentage BETWEEN 0 AND 100",
            name=op.f("feature_flags_rollout_range"),
        ),
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_feature_flags_updated_at
                BEFORE UPDATE ON feature_flags
                FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
                EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # One row per changed row of an audited table (docs/06-technical-specification.md:1359)
    op.create_table(
        "log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("operation", sa.CHAR(1), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("old_values", postgresql.JSONB()),
        sa.Column("new_values", postgresql.JSONB()),
        sa.Column("app_user_id", sa.Uuid()),
        sa.Column(
            "client_address",
            postgresql.INET(),
            server_default=sa.text("inet_client_addr()"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("log_pkey")),
        schema="audit",
        comment="Append-only; no foreign keys, because it outlives the rows it tells about.",
    )
    op.execute("ALTER TABLE audit.log ADD COLUMN table_schema name NOT NULL")
    op.execute("ALTER TABLE audit.log ADD COLUMN table_name name NOT NULL")
    op.execute(
        "ALTER TABLE audit.log ADD COLUMN database_user name DEFAULT SESSION_USER NOT NULL",
    )
    op.execute(
        "ALTER TABLE audit.log ADD CONSTRAINT log_operation_known CHECK (operation IN ('I', 'U', 'D'))",
    )
    op.execute(
        "ALTER TABLE audit.log ADD CONSTRAINT log_values_fit_operation CHECK ((operation <> 'I' OR old_values IS NULL) AND (operation <> 'D' OR new_values IS NULL))",
    )

    # Columns named in the trigger's arguments are left out: secrets must not reach the audit trail (docs/06-technical-specification.md:1380)
    op.execute(
        dedent("""
            CREATE FUNCTION audit.record_change() RETURNS trigger
                LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, audit
            AS $$
            DECLARE
                hidden text[] := TG_ARGV;
                before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
                after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
            BEGIN
                IF before IS DISTINCT FROM after THEN
                    INSERT INTO audit.log (table_schema, table_name, operation, row_key, old_values, new_values, app_user_id)
                    VALUES (
                        TG_TABLE_SCHEMA, TG_TABLE_NAME, left(TG_OP, 1), COALESCE(after, before) ->> 'id', before, after,
                        app.current_user_id()
                    );
                END IF;
                RETURN NULL;
            END;
            $$
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_users_audit
                AFTER INSERT OR UPDATE OR DELETE ON users
                FOR EACH ROW EXECUTE FUNCTION audit.record_change('password_hash')
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_memberships_audit
                AFTER INSERT OR UPDATE OR DELETE ON memberships
                FOR EACH ROW EXECUTE FUNCTION audit.record_change()
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_invoices_audit
                AFTER INSERT OR UPDATE OR DELETE ON invoices
                FOR EACH ROW EXECUTE FUNCTION audit.record_change()
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_payments_audit
                AFTER INSERT OR UPDATE OR DELETE ON payments
                FOR EACH ROW EXECUTE FUNCTION audit.record_change('provider_response')
        """)
    )

    # A flag is overridden once per scope: NULL stands for "any" (docs/06-technical-specification.md:1417)
    op.create_table(
        "feature_flag_overrides",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("flag_key", sa.String(80), nullable=False),
        sa.Column("organization_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("feature_flag_overrides_pkey")),
        sa.UniqueConstraint(
            "flag_key",
            "organization_id",
            "user_id",
            name=op.f("feature_flag_overrides_scope"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, user_id) >= 1",
            name=op.f("feature_flag_overrides_has_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["flag_key"],
            ["feature_flags.key"],
            name=op.f("feature_flag_overrides_flag_key_fkey"),
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("feature_flag_overrides_organization_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("feature_flag_overrides_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        op.f("idx_feature_flag_overrides_organization"),
        "feature_flag_overrides",
        ["organization_id"],
    )
    op.create_index(
        op.f("idx_feature_flag_overrides_user"),
        "feature_flag_overrides",
        ["user_id"],
    )

    op.create_index(
        op.f("idx_audit_log_row"),
        "log",
        ["table_schema", "table_name", "row_key", sa.text("at DESC")],
        schema="audit",
    )
    op.create_index(
        op.f("idx_audit_log_at"),
        "log",
        ["at"],
        schema="audit",
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 32},
    )
    op.create_index(
        op.f("idx_audit_log_user"),
        "log",
        ["app_user_id", sa.text("at DESC")],
        schema="audit",
        postgresql_where=sa.text("app_user_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("feature_flag_overrides")
    op.execute("DROP TRIGGER trigger_payments_audit ON payments")
    op.execute("DROP TRIGGER trigger_invoices_audit ON invoices")
    op.execute("DROP TRIGGER trigger_memberships_audit ON memberships")
    op.execute("DROP TRIGGER trigger_users_audit ON users")
    op.execute("DROP FUNCTION audit.record_change()")
    op.drop_table("log", schema="audit")
    op.drop_table("feature_flags")
