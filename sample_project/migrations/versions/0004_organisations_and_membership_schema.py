"""Organisations and Membership Schema

Section 5.4 of docs/06-technical-specification.md, lines 274 to 402.
Makes 1 enum, 5 tables, 2 triggers, 13 indexes.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-22 20:55:50.884171
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "CREATE TYPE membership_role AS ENUM ('owner', 'billing', 'manager', 'member')",
    )

    # Main entity table: the tenant (docs/06-technical-specification.md:284)
    op.create_table(
        "organizations",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("parent_organization_id", sa.Uuid()),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column(
            "slug",
            postgresql.DOMAIN("slug", sa.Text(), create_type=False),
            nullable=False,
        ),
        sa.Column("legal_name", sa.String(200)),
        sa.Column("vat_number", sa.String(20)),
        sa.Column("country_code", sa.CHAR(2, collation="C"), nullable=False),
        sa.Column(
            "billing_currency",
            sa.CHAR(3, collation="C"),
            server_default=sa.text("'EUR'"),
            nullable=False,
        ),
        sa.Column(
            "owner_membership_id",
            sa.Uuid(),
            comment="The member who answers for the contract; set in the transaction that creates both.",
        ),
        sa.Column(
            "allowed_email_domains",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "settings",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
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
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("organizations_pkey")),
        sa.ForeignKeyConstraint(
            ["billing_currency"],
            ["currencies.code"],
            name=op.f("organizations_billing_currency_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"],
            ["countries.code"],
            name=op.f("organizations_country_code_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_organization_id"],
            ["organizations.id"],
            name=op.f("organizations_parent_organization_id_fkey"),
            ondelete="RESTRICT",
        ),
        comment="Customers of Harbourdesk: the tenant that bookings and invoices belong to.",
    )
    op.execute("ALTER TABLE organizations ADD COLUMN billing_address postal_address")
    op.execute(
        "ALTER TABLE organizations ADD CONSTRAINT organizations_not_own_parent CHECK (parent_organization_id <> id)",
    )
    op.execute(
        "ALTER TABLE organizations ADD CONSTRAINT organizations_settings_is_object CHECK (jsonb_typeof(settings) = 'object')",
    )
    op.execute(
        "ALTER TABLE organizations ADD CONSTRAINT organizations_vat_number_format CHECK (vat_number ~ '^[A-Z]{2}[A-Z0-9]{2,14}$')",
    )

    # docs/06-technical-specification.md:308
    op.create_table(
        "memberships",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            postgresql.ENUM(
                "owner",
                "billing",
                "manager",
                "member",
                name="membership_role",
                create_type=False,
            ),
            server_default=sa.text("'member'"),
            nullable=False,
        ),
        sa.Column("job_title", sa.String(120)),
        sa.Column(
            "monthly_limit_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("memberships_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "user_id",
            name=op.f("memberships_one_per_person"),
        ),
        sa.UniqueConstraint(
            "id",
            "organization_id",
            name=op.f("memberships_tenant_key"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("memberships_organization_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("memberships_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # Added by itself, because the tables need each other.
    op.execute(
        "ALTER TABLE organizations ADD CONSTRAINT organizations_owner_membership_fkey FOREIGN KEY (owner_membership_id, id) REFERENCES memberships(id, organization_id) ON DELETE SET NULL (owner_membership_id) DEFERRABLE INITIALLY DEFERRED",
    )

    # docs/06-technical-specification.md:329
    op.create_table(
        "invitations",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by", sa.Uuid()),
        sa.Column(
            "email",
            postgresql.DOMAIN("email_address", postgresql.CITEXT(), create_type=False),
            nullable=False,
        ),
        sa.Column(
            "role",
            postgresql.ENUM(
                "owner",
                "billing",
                "manager",
                "member",
                name="membership_role",
                create_type=False,
            ),
            server_default=sa.text("'member'"),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP + INTERVAL '14 days'"),
            nullable=False,
        ),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("invitations_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("invitations_token_hash_key")),
        sa.CheckConstraint(
            "accepted_at IS NULL OR accepted_at <= expires_at",
            name=op.f("invitations_accepted_in_time"),
        ),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32",
            name=op.f("invitations_token_length"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"],
            ["users.id"],
            name=op.f("invitations_invited_by_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("invitations_organization_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # docs/06-technical-specification.md:344
    op.create_table(
        "teams",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("cost_centre", sa.String(40)),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("teams_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "name",
            name=op.f("teams_name_per_organization"),
        ),
        sa.UniqueConstraint("id", "organization_id", name=op.f("teams_tenant_key")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("teams_organization_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_organizations_updated_at
                BEFORE UPDATE ON organizations
                FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
                EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_memberships_updated_at
                BEFORE UPDATE ON memberships
                FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
                EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # A team only holds members of its own organisation: both foreign keys carry the tenant (docs/06-technical-specification.md:368)
    op.create_table(
        "team_members",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            "team_id",
            "membership_id",
            name=op.f("team_members_pkey"),
        ),
        sa.ForeignKeyConstraint(
            ["membership_id", "organization_id"],
            ["memberships.id", "memberships.organization_id"],
            name=op.f("team_members_membership_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "organization_id"],
            ["teams.id", "teams.organization_id"],
            name=op.f("team_members_team_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.create_index(
        op.f("idx_organizations_slug"),
        "organizations",
        ["slug"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("idx_organizations_parent"),
        "organizations",
        ["parent_organization_id"],
        postgresql_where=sa.text("parent_organization_id IS NOT NULL"),
    )
    op.create_index(
        op.f("idx_organizations_country"),
        "organizations",
        ["country_code"],
    )
    op.create_index(
        op.f("idx_organizations_currency"),
        "organizations",
        ["billing_currency"],
    )
    op.create_index(
        op.f("idx_organizations_owner"),
        "organizations",
        ["owner_membership_id", "id"],
    )
    op.create_index(
        op.f("idx_organizations_email_domains"),
        "organizations",
        ["allowed_email_domains"],
        postgresql_using="gin",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("idx_organizations_name_trgm"),
        "organizations",
        ["name"],
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )

    op.create_index(
        op.f("idx_memberships_user"),
        "memberships",
        ["user_id"],
        postgresql_include=["organization_id", "role"],
    )
    op.create_index(
        op.f("idx_memberships_single_owner"),
        "memberships",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("role = 'owner'"),
    )

    op.create_index(
        op.f("idx_invitations_organization"),
        "invitations",
        ["organization_id", sa.text("created_at DESC")],
    )
    op.create_index(op.f("idx_invitations_invited_by"), "invitations", ["invited_by"])
    op.create_index(
        op.f("idx_invitations_open"),
        "invitations",
        ["email", "organization_id"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL"),
    )

    op.create_index(
        op.f("idx_team_members_membership"),
        "team_members",
        ["membership_id", "organization_id"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("team_members")
    op.drop_table("teams")
    op.drop_table("invitations")
    op.drop_constraint(
        op.f("organizations_owner_membership_fkey"),
        "organizations",
        type_="foreignkey",
    )
    op.drop_table("memberships")
    op.drop_table("organizations")
    op.execute("DROP TYPE membership_role")
