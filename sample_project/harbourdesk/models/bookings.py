"""Bookings Schema.

Specification: docs/06-technical-specification.md, section 5.6
"""

import datetime as dt
import enum
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, after_create, enum_values
from .locations_spaces import SpaceKind

if TYPE_CHECKING:
    from .core_system import User
    from .locations_spaces import Location, Space
    from .messaging import Conversation
    from .orders import Order, OrderLine
    from .organisations_membership import Organization
    from .reviews_ratings import Review


class BookingStatus(enum.StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    WAITLISTED = "waitlisted"


class BookingPolicy(Base):
    """The rule with the narrowest scope wins: location and kind, location, kind, then
    the row with neither.
    """

    __tablename__ = "booking_policies"
    __table_args__ = (
        sa.UniqueConstraint(
            "location_id",
            "kind",
            name="booking_policies_one_per_scope",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(
            "min_duration <= max_duration",
            name="booking_policies_duration_order",
        ),
        sa.CheckConstraint(
            "hold_for >= INTERVAL '1 minute'",
            name="booking_policies_hold_positive",
        ),
        {
            "comment": "The rule with the narrowest scope wins: location and kind, location, kind, then the row with neither.",
        },
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    location_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("locations.id", ondelete="CASCADE"),
    )
    kind: Mapped[SpaceKind | None] = mapped_column(
        sa.Enum(SpaceKind, name="space_kind", values_callable=enum_values),
    )
    min_duration: Mapped[dt.timedelta] = mapped_column(
        server_default=sa.text("INTERVAL '30 minutes'"),
    )
    max_duration: Mapped[dt.timedelta] = mapped_column(
        server_default=sa.text("INTERVAL '12 hours'"),
    )
    hold_for: Mapped[dt.timedelta] = mapped_column(
        server_default=sa.text("INTERVAL '15 minutes'"),
    )
    free_cancellation: Mapped[dt.timedelta] = mapped_column(
        server_default=sa.text("INTERVAL '24 hours'"),
    )

    location: Mapped["Location | None"] = relationship(
        back_populates="booking_policies",
    )


class WaitlistEntry(Base):
    """Who wants a space that is taken"""

    __tablename__ = "waitlist_entries"
    __table_args__ = (sa.Index("idx_waitlist_entries_user", "user_id"),)

    space_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("spaces.id", ondelete="CASCADE"),
        primary_key=True,
    )
    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
    )
    during: Mapped[postgresql.Range[dt.datetime]] = mapped_column(
        postgresql.TSTZRANGE(),
        primary_key=True,
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    space: Mapped["Space"] = relationship(back_populates="waitlist_entries")
    user: Mapped["User"] = relationship(back_populates="waitlist_entries")


class Booking(Base):
    """A space, a time and the organisation that uses it."""

    __tablename__ = "bookings"
    __table_args__ = (
        sa.UniqueConstraint("id", "organization_id", name="bookings_tenant_key"),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)",
            name="bookings_cancelled_has_time",
        ),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during) AND upper_inc(during) = false",
            name="bookings_during_bounded",
        ),
        postgresql.ExcludeConstraint(
            ("space_id", "="),
            ("during", "&&"),
            name="bookings_no_double_booking",
            using="gist",
            where=sa.text("status IN ('held', 'confirmed', 'checked_in')"),
        ),
        sa.Index("idx_bookings_booked_by", "booked_by", sa.text("created_at DESC")),
        sa.Index(
            "idx_bookings_cancelled",
            "cancelled_at",
            postgresql_where=sa.text("cancelled_at IS NOT NULL"),
        ),
        sa.Index(
            "idx_bookings_holds",
            "created_at",
            postgresql_where=sa.text("status = 'held'"),
        ),
        sa.Index(
            "idx_bookings_order",
            "order_id",
            postgresql_where=sa.text("order_id IS NOT NULL"),
        ),
        sa.Index(
            "idx_bookings_organization",
            "organization_id",
            sa.text("lower(during) DESC"),
        ),
        sa.Index(
            "idx_bookings_space",
            "space_id",
            sa.text("lower(during)"),
            postgresql_include=["status"],
        ),
        {"comment": "A space, a time and the organisation that uses it."},
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="RESTRICT"),
    )
    space_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("spaces.id", ondelete="RESTRICT"),
    )
    booked_by: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="RESTRICT"),
    )
    order_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="SET NULL"),
    )
    during: Mapped[postgresql.Range[dt.datetime]] = mapped_column(
        postgresql.TSTZRANGE(),
        comment="Half-open range: the next booking may start when this one ends.",
    )
    status: Mapped[BookingStatus] = mapped_column(
        sa.Enum(BookingStatus, name="booking_status", values_callable=enum_values),
        server_default=sa.text("'held'"),
    )
    title: Mapped[str | None] = mapped_column(sa.String(200))
    notes: Mapped[str | None]
    price_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
        server_default=sa.text("0"),
    )
    duration_minutes: Mapped[int | None] = mapped_column(
        sa.Computed(
            "(EXTRACT(epoch FROM upper(during) - lower(during)) / 60::numeric)::integer",
            persisted=True,
        ),
    )
    cancelled_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    organization: Mapped["Organization"] = relationship(back_populates="bookings")
    space: Mapped["Space"] = relationship(back_populates="bookings")
    booked_by_user: Mapped["User"] = relationship(back_populates="bookings")
    order: Mapped["Order | None"] = relationship(back_populates="bookings")
    booking_attendees: Mapped[list["BookingAttendee"]] = relationship(
        back_populates="booking",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    order_lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="booking",
        passive_deletes="all",
        overlaps="order,order_lines",
    )
    conversations: Mapped[list["Conversation"]] = relationship(
        back_populates="booking",
        passive_deletes=True,
    )
    review: Mapped["Review | None"] = relationship(
        back_populates="booking",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class BookingAttendee(Base):
    __tablename__ = "booking_attendees"
    __table_args__ = (
        sa.Index(
            "idx_booking_attendees_user",
            "user_id",
            postgresql_where=sa.text("user_id IS NOT NULL"),
        ),
    )

    booking_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("bookings.id", ondelete="CASCADE"),
        primary_key=True,
    )
    email: Mapped[str] = mapped_column(
        postgresql.DOMAIN("email_address", postgresql.CITEXT(), create_type=False),
        primary_key=True,
    )
    user_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"),
    )
    checked_in_at: Mapped[dt.datetime | None]

    booking: Mapped["Booking"] = relationship(back_populates="booking_attendees")
    user: Mapped["User | None"] = relationship(back_populates="booking_attendees")


# What create_all adds because SQLAlchemy 2.0 has no words for it.
after_create(
    Booking.__table__,
    "COMMENT ON CONSTRAINT bookings_no_double_booking ON bookings IS 'The API turns a violation into 409 Conflict.'",
)
after_create(
    Booking.__table__,
    "ALTER TABLE bookings SET (autovacuum_vacuum_scale_factor = 0.05)",
)
