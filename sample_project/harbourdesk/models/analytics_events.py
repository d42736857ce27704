"""Analytics Events Schema.

Specification: docs/06-technical-specification.md, section 5.13
"""

import datetime as dt
import enum
from decimal import Decimal
from textwrap import dedent
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, enum_values

if TYPE_CHECKING:
    from .core_system import User
    from .locations_spaces import Location
    from .organisations_membership import Organization


class EventSource(enum.StrEnum):
    WEB = "web"
    IOS = "ios"
    ANDROID = "android"
    API = "api"


class AnalyticsEvent(Base):
    """Product analytics; one partition per month, kept for thirteen months."""

    __tablename__ = "analytics_events"
    __table_args__ = (
        sa.CheckConstraint(
            "name ~ '^[a-z]+(_[a-z]+)*$'",
            name="analytics_events_name_format",
        ),
        sa.Index("idx_analytics_events_name", "name", sa.text("occurred_at DESC")),
        sa.Index(
            "idx_analytics_events_organization",
            "organization_id",
            sa.text("occurred_at DESC"),
        ),
        sa.Index("idx_analytics_events_time", "occurred_at", postgresql_using="brin"),
        sa.Index("idx_analytics_events_user", "user_id"),
        {
            "comment": "Product analytics; one partition per month, kept for thirteen months.",
            "postgresql_partition_by": "RANGE (occurred_at)",
        },
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    occurred_at: Mapped[dt.datetime] = mapped_column(
        primary_key=True,
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    organization_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="SET NULL"),
    )
    user_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"),
    )
    source: Mapped[EventSource] = mapped_column(
        sa.Enum(EventSource, name="event_source", values_callable=enum_values),
    )
    name: Mapped[str] = mapped_column(sa.String(100))
    properties: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'"))
    client_ip: Mapped[Any | None] = mapped_column(postgresql.INET(), nullable=True)

    organization: Mapped["Organization | None"] = relationship(
        back_populates="analytics_events",
    )
    user: Mapped["User | None"] = relationship(back_populates="analytics_events")


class UsageDaily(Base):
    """Daily totals per location, filled by a nightly job"""

    __tablename__ = "usage_daily"
    __table_args__ = (
        sa.CheckConstraint(
            "booked_minutes >= 0 AND booked_minutes <= available_minutes",
            name="usage_daily_minutes",
        ),
        sa.Index("idx_usage_daily_day", "day"),
    )

    location_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("locations.id", ondelete="CASCADE"),
        primary_key=True,
    )
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    booked_minutes: Mapped[int] = mapped_column(server_default=sa.text("0"))
    available_minutes: Mapped[int]
    revenue_cents: Mapped[int] = mapped_column(
        postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
        server_default=sa.text("0"),
    )
    occupancy: Mapped[Decimal | None] = mapped_column(
        sa.Numeric(5, 4),
        sa.Computed(
            dedent("""

                CASE
                    WHEN available_minutes > 0 THEN booked_minutes::numeric / available_minutes::numeric
                    ELSE NULL::numeric
                END
            """),
            persisted=True,
        ),
    )

    location: Mapped["Location"] = relationship(back_populates="usage_dailies")
