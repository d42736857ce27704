"""Locations and Spaces Schema.

Specification: docs/06-technical-specification.md, section 5.5
"""

import datetime as dt
import enum
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, PgType, enum_values

if TYPE_CHECKING:
    from .analytics_events import UsageDaily
    from .bookings import Booking, BookingPolicy, WaitlistEntry
    from .core_system import Country, Currency
    from .orders import Order
    from .reviews_ratings import Review


class SpaceKind(enum.StrEnum):
    DESK = "desk"
    MEETING_ROOM = "meeting_room"
    OFFICE = "office"
    STUDIO = "studio"
    EVENT_HALL = "event_hall"


space_amenities = sa.Table(
    "space_amenities",
    Base.metadata,
    sa.Column(
        "space_id",
        sa.ForeignKey("spaces.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column(
        "amenity_id",
        sa.ForeignKey("amenities.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Index("idx_space_amenities_amenity", "amenity_id"),
)


class Location(Base):
    """Buildings that Harbourdesk or one of its partners runs."""

    __tablename__ = "locations"
    __table_args__ = (
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)",
            name="locations_coordinates_together",
        ),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90",
            name="locations_latitude_range",
        ),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180",
            name="locations_longitude_range",
        ),
        sa.CheckConstraint(
            "contact_phone ~ '^\\+[1-9][0-9]{6,14}$'",
            name="locations_phone_format",
        ),
        sa.Index("idx_locations_country", "country_code", "name"),
        {"comment": "Buildings that Harbourdesk or one of its partners runs."},
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    name: Mapped[str] = mapped_column(sa.String(240))
    slug: Mapped[str] = mapped_column(
        postgresql.DOMAIN("slug", sa.Text(), create_type=False),
        unique=True,
    )
    address: Mapped[Any] = mapped_column(PgType("postal_address"), nullable=False)
    country_code: Mapped[str] = mapped_column(sa.ForeignKey("countries.code"))
    time_zone: Mapped[str] = mapped_column(
        sa.String(64),
        server_default=sa.text("'Europe/Brussels'"),
    )
    latitude: Mapped[Decimal | None] = mapped_column(sa.Numeric(9, 6))
    longitude: Mapped[Decimal | None] = mapped_column(sa.Numeric(9, 6))
    contact_phone: Mapped[str] = mapped_column(sa.String(32))
    is_open: Mapped[bool] = mapped_column(server_default=sa.text("true"))
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    country: Mapped["Country"] = relationship(back_populates="locations")
    spaces: Mapped[list["Space"]] = relationship(
        back_populates="location",
        passive_deletes="all",
    )
    opening_hours: Mapped[list["OpeningHour"]] = relationship(
        back_populates="location",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    booking_policies: Mapped[list["BookingPolicy"]] = relationship(
        back_populates="location",
        cascade="all",
        passive_deletes=True,
    )
    orders: Mapped[list["Order"]] = relationship(
        back_populates="location",
        passive_deletes=True,
    )
    usage_dailies: Mapped[list["UsageDaily"]] = relationship(
        back_populates="location",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class Space(Base):
    """What can be booked: a desk, a room, a studio or a hall."""

    __tablename__ = "spaces"
    __table_args__ = (
        sa.CheckConstraint("area_m2 > 0", name="spaces_area_positive"),
        sa.CheckConstraint("capacity > 0", name="spaces_capacity_positive"),
        sa.CheckConstraint(
            "kind <> 'desk' OR capacity = 1",
            name="spaces_desk_seats_one",
        ),
        sa.Index(
            "idx_spaces_attributes",
            "attributes",
            postgresql_using="gin",
            postgresql_ops={"attributes": "jsonb_path_ops"},
        ),
        sa.Index("idx_spaces_currency", "currency"),
        sa.Index(
            "idx_spaces_kind",
            "kind",
            "capacity",
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index("idx_spaces_location", "location_id"),
        sa.Index(
            "idx_spaces_name_per_location",
            "location_id",
            sa.text("lower(name)"),
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index(
            "idx_spaces_search",
            "search_vector",
            postgresql_using="gin",
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index("idx_spaces_tags", "tags", postgresql_using="gin"),
        {"comment": "What can be booked: a desk, a room, a studio or a hall."},
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    location_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("locations.id", ondelete="RESTRICT"),
    )
    kind: Mapped[SpaceKind] = mapped_column(
        sa.Enum(SpaceKind, name="space_kind", values_callable=enum_values),
    )
    name: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str | None]
    door_code: Mapped[UUID] = mapped_column(server_default=sa.text("gen_random_uuid()"))
    floor: Mapped[int] = mapped_column(sa.SmallInteger(), server_default=sa.text("0"))
    capacity: Mapped[int] = mapped_column(sa.SmallInteger())
    area_m2: Mapped[Decimal | None] = mapped_column(sa.Numeric(7, 2))
    hourly_rate_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
    )
    currency: Mapped[str] = mapped_column(
        sa.ForeignKey("currencies.code"),
        server_default=sa.text("'EUR'"),
    )
    tags: Mapped[list[str]] = mapped_column(
        postgresql.ARRAY(sa.Text()),
        server_default=sa.text("ARRAY[]::text[]"),
    )
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'"))
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    deleted_at: Mapped[dt.datetime | None]
    search_vector: Mapped[str | None] = mapped_column(postgresql.TSVECTOR())

    location: Mapped["Location"] = relationship(back_populates="spaces")
    currency_ref: Mapped["Currency"] = relationship(back_populates="spaces")
    waitlist_entries: Mapped[list["WaitlistEntry"]] = relationship(
        back_populates="space",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    bookings: Mapped[list["Booking"]] = relationship(
        back_populates="space",
        passive_deletes="all",
    )
    reviews: Mapped[list["Review"]] = relationship(
        back_populates="space",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    amenities: Mapped[list["Amenity"]] = relationship(
        secondary="space_amenities",
        back_populates="spaces",
        passive_deletes=True,
    )


class OpeningHour(Base):
    """Opening hours by weekday (ISO: 1 is Monday); two entries of one day never overlap"""

    __tablename__ = "opening_hours"
    __table_args__ = (
        sa.CheckConstraint("NOT isempty(hours)", name="opening_hours_not_empty"),
        sa.CheckConstraint(
            "weekday BETWEEN 1 AND 7",
            name="opening_hours_weekday_range",
        ),
        postgresql.ExcludeConstraint(
            ("location_id", "="),
            ("weekday", "="),
            ("hours", "&&"),
            name="opening_hours_no_overlap",
            using="gist",
        ),
    )

    id: Mapped[int] = mapped_column(sa.Identity(always=True), primary_key=True)
    location_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("locations.id", ondelete="CASCADE"),
    )
    weekday: Mapped[int] = mapped_column(sa.SmallInteger())
    hours: Mapped[Any] = mapped_column(PgType("timerange"), nullable=False)

    location: Mapped["Location"] = relationship(back_populates="opening_hours")


class Amenity(Base):
    __tablename__ = "amenities"

    id: Mapped[int] = mapped_column(
        sa.SmallInteger(),
        sa.Identity(start=100, increment=10),
        primary_key=True,
    )
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    icon: Mapped[str] = mapped_column(sa.String(40), server_default=sa.text("'dot'"))

    spaces: Mapped[list["Space"]] = relationship(
        secondary="space_amenities",
        back_populates="amenities",
        passive_deletes=True,
    )
