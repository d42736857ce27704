"""Core System Tables.

Specification: docs/06-technical-specification.md, section 5.3
"""

import datetime as dt
import enum
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, after_create, enum_values

if TYPE_CHECKING:
    from .analytics_events import AnalyticsEvent
    from .bookings import Booking, BookingAttendee, WaitlistEntry
    from .feature_flags_audit import FeatureFlagOverride
    from .invoices_payments import Invoice, Refund
    from .locations_spaces import Location, Space
    from .messaging import ConversationParticipant, Message
    from .notifications import (
        Notification,
        NotificationPreference,
        NotificationRateLimit,
    )
    from .orders import DiscountCode, Order
    from .organisations_membership import Invitation, Membership, Organization
    from .product_catalogue import ProductPrice
    from .reviews_ratings import Review, ReviewVote


class AccountStatus(enum.StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Currency(Base):
    """ISO 4217 currencies in which Harbourdesk invoices."""

    __tablename__ = "currencies"
    __table_args__ = (
        sa.CheckConstraint("code ~ '^[A-Z]{3}$'", name="currencies_code_format"),
        sa.CheckConstraint(
            "minor_units BETWEEN 0 AND 4",
            name="currencies_minor_units_range",
        ),
        {"comment": "ISO 4217 currencies in which Harbourdesk invoices."},
    )

    code: Mapped[str] = mapped_column(sa.CHAR(3, collation="C"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    minor_units: Mapped[int] = mapped_column(
        sa.SmallInteger(),
        server_default=sa.text("2"),
    )

    countries: Mapped[list["Country"]] = relationship(
        back_populates="default_currency_ref",
        passive_deletes="all",
    )
    organizations: Mapped[list["Organization"]] = relationship(
        back_populates="billing_currency_ref",
        passive_deletes="all",
    )
    spaces: Mapped[list["Space"]] = relationship(
        back_populates="currency_ref",
        passive_deletes="all",
    )
    product_prices: Mapped[list["ProductPrice"]] = relationship(
        back_populates="currency_ref",
        passive_deletes="all",
    )
    orders: Mapped[list["Order"]] = relationship(
        back_populates="currency_ref",
        passive_deletes="all",
    )
    discount_codes: Mapped[list["DiscountCode"]] = relationship(
        back_populates="currency_ref",
        passive_deletes="all",
    )
    invoices: Mapped[list["Invoice"]] = relationship(
        back_populates="currency_ref",
        passive_deletes="all",
    )


class Country(Base):
    """Countries in which Harbourdesk runs buildings or has customers."""

    __tablename__ = "countries"
    __table_args__ = (
        sa.CheckConstraint("code ~ '^[A-Z]{2}$'", name="countries_code_format"),
        sa.CheckConstraint(
            "vat_rate >= 0 AND vat_rate < 1",
            name="countries_vat_rate_range",
        ),
        sa.Index("idx_countries_default_currency", "default_currency"),
        {"comment": "Countries in which Harbourdesk runs buildings or has customers."},
    )

    code: Mapped[str] = mapped_column(sa.CHAR(2, collation="C"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    default_currency: Mapped[str] = mapped_column(sa.ForeignKey("currencies.code"))
    vat_rate: Mapped[Decimal] = mapped_column(
        sa.Numeric(5, 4),
        server_default=sa.text("0"),
        comment="Standard rate as a fraction: 0.2100 is 21 %.",
    )

    default_currency_ref: Mapped["Currency"] = relationship(back_populates="countries")
    users: Mapped[list["User"]] = relationship(
        back_populates="country",
        passive_deletes=True,
    )
    organizations: Mapped[list["Organization"]] = relationship(
        back_populates="country",
        passive_deletes="all",
    )
    locations: Mapped[list["Location"]] = relationship(
        back_populates="country",
        passive_deletes="all",
    )


class User(Base):
    """People who can sign in. A person may belong to several organisations."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint(
            "status <> 'active' OR email_verified_at IS NOT NULL",
            name="users_active_is_verified",
        ),
        sa.CheckConstraint(
            "deleted_at IS NULL OR status = 'closed'",
            name="users_deleted_is_closed",
        ),
        sa.CheckConstraint(
            "username ~* '^[a-zA-Z0-9_]{3,50}$'",
            name="users_username_format",
        ),
        sa.Index("idx_users_country", "country_code"),
        sa.Index("idx_users_created_at", sa.text("created_at DESC")),
        sa.Index(
            "idx_users_display_name_trgm",
            "display_name",
            postgresql_using="gin",
            postgresql_ops={"display_name": "gin_trgm_ops"},
        ),
        sa.Index(
            "idx_users_email",
            "email",
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index("idx_users_last_login", sa.text("last_login_at DESC NULLS LAST")),
        sa.Index(
            "idx_users_username",
            sa.text("lower(username)"),
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        {
            "comment": "People who can sign in. A person may belong to several organisations.",
        },
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    email: Mapped[str] = mapped_column(
        postgresql.DOMAIN("email_address", postgresql.CITEXT(), create_type=False),
        comment="Sign-in name; compared without regard to case.",
    )
    username: Mapped[str] = mapped_column(sa.String(50))
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    first_name: Mapped[str | None] = mapped_column(sa.String(100))
    last_name: Mapped[str | None] = mapped_column(sa.String(100))
    display_name: Mapped[str | None] = mapped_column(
        sa.Computed(
            "COALESCE(NULLIF(TRIM(BOTH FROM (COALESCE(first_name, ''::character varying)::text || ' '::text) || COALESCE(last_name, ''::character varying)::text), ''::text), username::text)",
            persisted=True,
        ),
    )
    avatar_url: Mapped[str | None]
    status: Mapped[AccountStatus] = mapped_column(
        sa.Enum(AccountStatus, name="account_status", values_callable=enum_values),
        server_default=sa.text("'invited'"),
    )
    country_code: Mapped[str | None] = mapped_column(
        sa.ForeignKey("countries.code", ondelete="SET NULL"),
    )
    locale: Mapped[str] = mapped_column(
        sa.String(16),
        server_default=sa.text("'en-GB'"),
    )
    pronouns: Mapped[str | None] = mapped_column(sa.String(40))
    marketing_opt_in: Mapped[bool] = mapped_column(server_default=sa.text("false"))
    email_verified_at: Mapped[dt.datetime | None]
    last_login_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    deleted_at: Mapped[dt.datetime | None] = mapped_column(
        comment="Soft deletion: the row stays for invoices and the audit trail.",
    )

    country: Mapped["Country | None"] = relationship(back_populates="users")
    user_sessions: Mapped[list["UserSession"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    user_roles: Mapped[list["UserRole"]] = relationship(
        foreign_keys="UserRole.user_id",
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    assigned_user_roles: Mapped[list["UserRole"]] = relationship(
        foreign_keys="UserRole.assigned_by",
        back_populates="assigned_by_user",
        passive_deletes=True,
    )
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    invitations: Mapped[list["Invitation"]] = relationship(
        back_populates="invited_by_user",
        passive_deletes=True,
    )
    waitlist_entries: Mapped[list["WaitlistEntry"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    bookings: Mapped[list["Booking"]] = relationship(
        back_populates="booked_by_user",
        passive_deletes="all",
    )
    booking_attendees: Mapped[list["BookingAttendee"]] = relationship(
        back_populates="user",
        passive_deletes=True,
    )
    orders: Mapped[list["Order"]] = relationship(
        back_populates="placed_by_user",
        passive_deletes="all",
    )
    refunds: Mapped[list["Refund"]] = relationship(
        back_populates="refunded_by_user",
        passive_deletes=True,
    )
    messages: Mapped[list["Message"]] = relationship(
        back_populates="sender",
        passive_deletes=True,
    )
    conversation_participants: Mapped[list["ConversationParticipant"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    reviews: Mapped[list["Review"]] = relationship(
        back_populates="author",
        passive_deletes=True,
    )
    review_votes: Mapped[list["ReviewVote"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    notifications: Mapped[list["Notification"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    notification_rate_limits: Mapped[list["NotificationRateLimit"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    notification_preferences: Mapped[list["NotificationPreference"]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    analytics_events: Mapped[list["AnalyticsEvent"]] = relationship(
        back_populates="user",
        passive_deletes=True,
    )
    feature_flag_overrides: Mapped[list["FeatureFlagOverride"]] = relationship(
        back_populates="user",
        cascade="all",
        passive_deletes=True,
    )


class UserSession(Base):
    """User sessions for authentication; updated on every request, so pages keep room
    for HOT updates
    """

    __tablename__ = "user_sessions"
    __table_args__ = (
        sa.CheckConstraint("expires_at > created_at", name="sessions_future_expiry"),
        sa.Index("idx_sessions_cleanup", "expires_at"),
        sa.Index("idx_sessions_user", "user_id", sa.text("expires_at DESC")),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    session_token: Mapped[str] = mapped_column(sa.String(255), unique=True)
    refresh_token: Mapped[str] = mapped_column(sa.String(255), unique=True)
    ip_address: Mapped[Any | None] = mapped_column(postgresql.INET(), nullable=True)
    user_agent: Mapped[str | None]
    expires_at: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    last_accessed_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    user: Mapped["User"] = relationship(back_populates="user_sessions")


class Role(Base):
    """User roles and permissions"""

    __tablename__ = "roles"
    __table_args__ = (
        sa.CheckConstraint(
            "jsonb_typeof(permissions) = 'array'",
            name="roles_permissions_is_array",
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    name: Mapped[str] = mapped_column(sa.String(50), unique=True)
    description: Mapped[str | None]
    permissions: Mapped[list[Any]] = mapped_column(
        postgresql.JSONB(),
        server_default=sa.text("'[]'"),
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    user_roles: Mapped[list["UserRole"]] = relationship(
        back_populates="role",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class UserRole(Base):
    __tablename__ = "user_roles"
    __table_args__ = (
        sa.Index(
            "idx_user_roles_assigned_by",
            "assigned_by",
            postgresql_where=sa.text("assigned_by IS NOT NULL"),
        ),
        sa.Index("idx_user_roles_role", "role_id"),
    )

    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
    )
    role_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("roles.id", ondelete="CASCADE"),
        primary_key=True,
    )
    assigned_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    assigned_by: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"),
    )

    user: Mapped["User"] = relationship(
        foreign_keys=[user_id],
        back_populates="user_roles",
    )
    role: Mapped["Role"] = relationship(back_populates="user_roles")
    assigned_by_user: Mapped["User | None"] = relationship(
        foreign_keys=[assigned_by],
        back_populates="assigned_user_roles",
    )


# What create_all adds because SQLAlchemy 2.0 has no words for it.
after_create(UserSession.__table__, "ALTER TABLE user_sessions SET (fillfactor = 80)")
