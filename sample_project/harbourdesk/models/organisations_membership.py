"""Organisations and Membership Schema.

Specification: docs/06-technical-specification.md, section 5.4
"""

import datetime as dt
import enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, PgType, enum_values

if TYPE_CHECKING:
    from .analytics_events import AnalyticsEvent
    from .bookings import Booking
    from .core_system import Country, Currency, User
    from .feature_flags_audit import FeatureFlagOverride
    from .invoices_payments import Invoice, PaymentMethod
    from .messaging import Conversation
    from .notifications import Notification
    from .orders import DiscountCode, Order


class MembershipRole(enum.StrEnum):
    OWNER = "owner"
    BILLING = "billing"
    MANAGER = "manager"
    MEMBER = "member"


class Organization(Base):
    """Customers of Harbourdesk: the tenant that bookings and invoices belong to."""

    __tablename__ = "organizations"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["owner_membership_id", "id"],
            ["memberships.id", "memberships.organization_id"],
            name="organizations_owner_membership_fkey",
            ondelete="SET NULL (owner_membership_id)",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "parent_organization_id <> id",
            name="organizations_not_own_parent",
        ),
        sa.CheckConstraint(
            "jsonb_typeof(settings) = 'object'",
            name="organizations_settings_is_object",
        ),
        sa.CheckConstraint(
            "vat_number ~ '^[A-Z]{2}[A-Z0-9]{2,14}$'",
            name="organizations_vat_number_format",
        ),
        sa.Index("idx_organizations_country", "country_code"),
        sa.Index("idx_organizations_currency", "billing_currency"),
        sa.Index(
            "idx_organizations_email_domains",
            "allowed_email_domains",
            postgresql_using="gin",
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index(
            "idx_organizations_name_trgm",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
        sa.Index("idx_organizations_owner", "owner_membership_id", "id"),
        sa.Index(
            "idx_organizations_parent",
            "parent_organization_id",
            postgresql_where=sa.text("parent_organization_id IS NOT NULL"),
        ),
        sa.Index(
            "idx_organizations_slug",
            "slug",
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        {
            "comment": "Customers of Harbourdesk: the tenant that bookings and invoices belong to.",
        },
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    parent_organization_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="RESTRICT"),
    )
    name: Mapped[str] = mapped_column(sa.String(200))
    slug: Mapped[str] = mapped_column(
        postgresql.DOMAIN("slug", sa.Text(), create_type=False),
    )
    legal_name: Mapped[str | None] = mapped_column(sa.String(200))
    vat_number: Mapped[str | None] = mapped_column(sa.String(20))
    country_code: Mapped[str] = mapped_column(sa.ForeignKey("countries.code"))
    billing_currency: Mapped[str] = mapped_column(
        sa.ForeignKey("currencies.code"),
        server_default=sa.text("'EUR'"),
    )
    billing_address: Mapped[Any | None] = mapped_column(
        PgType("postal_address"),
        nullable=True,
    )
    owner_membership_id: Mapped[UUID | None] = mapped_column(
        comment="The member who answers for the contract; set in the transaction that creates both.",
    )
    allowed_email_domains: Mapped[list[str]] = mapped_column(
        postgresql.ARRAY(sa.Text()),
        server_default=sa.text("'{}'"),
    )
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'"))
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    deleted_at: Mapped[dt.datetime | None]

    parent_organization: Mapped["Organization | None"] = relationship(
        remote_side="Organization.id",
        back_populates="parent_organization_organizations",
    )
    country: Mapped["Country"] = relationship(back_populates="organizations")
    billing_currency_ref: Mapped["Currency"] = relationship(
        back_populates="organizations",
    )
    membership: Mapped["Membership | None"] = relationship(
        foreign_keys=[owner_membership_id, id],
        back_populates="membership_organization",
        post_update=True,
    )
    parent_organization_organizations: Mapped[list["Organization"]] = relationship(
        back_populates="parent_organization",
        passive_deletes="all",
    )
    memberships: Mapped[list["Membership"]] = relationship(
        foreign_keys="Membership.organization_id",
        back_populates="organization",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    invitations: Mapped[list["Invitation"]] = relationship(
        back_populates="organization",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    teams: Mapped[list["Team"]] = relationship(
        back_populates="organization",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    bookings: Mapped[list["Booking"]] = relationship(
        back_populates="organization",
        passive_deletes="all",
    )
    orders: Mapped[list["Order"]] = relationship(
        back_populates="organization",
        passive_deletes="all",
    )
    discount_codes: Mapped[list["DiscountCode"]] = relationship(
        back_populates="organization",
        cascade="all",
        passive_deletes=True,
    )
    payment_methods: Mapped[list["PaymentMethod"]] = relationship(
        back_populates="organization",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    invoices: Mapped[list["Invoice"]] = relationship(
        back_populates="organization",
        passive_deletes="all",
    )
    conversations: Mapped[list["Conversation"]] = relationship(
        back_populates="organization",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    notifications: Mapped[list["Notification"]] = relationship(
        back_populates="organization",
        cascade="all",
        passive_deletes=True,
    )
    analytics_events: Mapped[list["AnalyticsEvent"]] = relationship(
        back_populates="organization",
        passive_deletes=True,
    )
    feature_flag_overrides: Mapped[list["FeatureFlagOverride"]] = relationship(
        back_populates="organization",
        cascade="all",
        passive_deletes=True,
    )


class Membership(Base):
    __tablename__ = "memberships"
    __table_args__ = (
        sa.UniqueConstraint(
            "organization_id",
            "user_id",
            name="memberships_one_per_person",
        ),
        sa.UniqueConstraint("id", "organization_id", name="memberships_tenant_key"),
        sa.Index(
            "idx_memberships_single_owner",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("role = 'owner'"),
        ),
        sa.Index(
            "idx_memberships_user",
            "user_id",
            postgresql_include=["organization_id", "role"],
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"),
    )
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[MembershipRole] = mapped_column(
        sa.Enum(MembershipRole, name="membership_role", values_callable=enum_values),
        server_default=sa.text("'member'"),
    )
    job_title: Mapped[str | None] = mapped_column(sa.String(120))
    monthly_limit_cents: Mapped[int | None] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    organization: Mapped["Organization"] = relationship(
        foreign_keys=[organization_id],
        back_populates="memberships",
    )
    user: Mapped["User"] = relationship(back_populates="memberships")
    membership_organization: Mapped["Organization | None"] = relationship(
        foreign_keys="[Organization.owner_membership_id, Organization.id]",
        back_populates="membership",
        passive_deletes=True,
        post_update=True,
    )
    team_members: Mapped[list["TeamMember"]] = relationship(
        back_populates="membership",
        cascade="all, delete-orphan",
        passive_deletes=True,
        overlaps="team,team_members",
    )


class Invitation(Base):
    __tablename__ = "invitations"
    __table_args__ = (
        sa.CheckConstraint(
            "accepted_at IS NULL OR accepted_at <= expires_at",
            name="invitations_accepted_in_time",
        ),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32",
            name="invitations_token_length",
        ),
        sa.Index("idx_invitations_invited_by", "invited_by"),
        sa.Index(
            "idx_invitations_open",
            "email",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("accepted_at IS NULL"),
        ),
        sa.Index(
            "idx_invitations_organization",
            "organization_id",
            sa.text("created_at DESC"),
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"),
    )
    invited_by: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"),
    )
    email: Mapped[str] = mapped_column(
        postgresql.DOMAIN("email_address", postgresql.CITEXT(), create_type=False),
    )
    role: Mapped[MembershipRole] = mapped_column(
        sa.Enum(MembershipRole, name="membership_role", values_callable=enum_values),
        server_default=sa.text("'member'"),
    )
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP + INTERVAL '14 days'"),
    )
    accepted_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    organization: Mapped["Organization"] = relationship(back_populates="invitations")
    invited_by_user: Mapped["User | None"] = relationship(back_populates="invitations")


class Team(Base):
    __tablename__ = "teams"
    __table_args__ = (
        sa.UniqueConstraint(
            "organization_id",
            "name",
            name="teams_name_per_organization",
        ),
        sa.UniqueConstraint("id", "organization_id", name="teams_tenant_key"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"),
    )
    name: Mapped[str] = mapped_column(sa.String(120))
    cost_centre: Mapped[str | None] = mapped_column(sa.String(40))
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    organization: Mapped["Organization"] = relationship(back_populates="teams")
    team_members: Mapped[list["TeamMember"]] = relationship(
        back_populates="team",
        cascade="all, delete-orphan",
        passive_deletes=True,
        overlaps="membership,team_members",
    )


class TeamMember(Base):
    """A team only holds members of its own organisation: both foreign keys carry the
    tenant
    """

    __tablename__ = "team_members"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["membership_id", "organization_id"],
            ["memberships.id", "memberships.organization_id"],
            name="team_members_membership_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "organization_id"],
            ["teams.id", "teams.organization_id"],
            name="team_members_team_fkey",
            ondelete="CASCADE",
        ),
        sa.Index("idx_team_members_membership", "membership_id", "organization_id"),
    )

    team_id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    added_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    team: Mapped["Team"] = relationship(
        back_populates="team_members",
        overlaps="membership,team_members",
    )
    membership: Mapped["Membership"] = relationship(
        back_populates="team_members",
        overlaps="team,team_members",
    )
