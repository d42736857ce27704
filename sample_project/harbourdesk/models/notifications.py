"""Notifications Schema.

Specification: docs/06-technical-specification.md, section 5.12
"""

import datetime as dt
import enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, PgType, enum_values

if TYPE_CHECKING:
    from .core_system import User
    from .organisations_membership import Organization


class NotificationChannel(enum.StrEnum):
    EMAIL = "email"
    PUSH = "push"
    IN_APP = "in_app"


class NotificationTemplate(Base):
    __tablename__ = "notification_templates"
    __table_args__ = (
        sa.UniqueConstraint(
            "key",
            "channel",
            "locale",
            name="notification_templates_unique",
        ),
        sa.CheckConstraint(
            "channel <> 'email' OR subject IS NOT NULL",
            name="notification_templates_email_subject",
        ),
        sa.CheckConstraint(
            "key ~ '^[a-z_]+(\\.[a-z_]+)*$'",
            name="notification_templates_key_format",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80))
    channel: Mapped[NotificationChannel] = mapped_column(
        sa.Enum(
            NotificationChannel,
            name="notification_channel",
            values_callable=enum_values,
        ),
    )
    locale: Mapped[str] = mapped_column(
        sa.String(16),
        server_default=sa.text("'en-GB'"),
    )
    subject: Mapped[str | None] = mapped_column(sa.String(200))
    body: Mapped[str]

    notifications: Mapped[list["Notification"]] = relationship(
        back_populates="template",
        passive_deletes="all",
    )


class Notification(Base):
    """Main entity table for notifications"""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.CheckConstraint(
            "attempts BETWEEN 0 AND 10",
            name="notifications_attempts_range",
        ),
        sa.CheckConstraint(
            "read_at IS NULL OR sent_at IS NOT NULL",
            name="notifications_read_after_sent",
        ),
        sa.Index(
            "idx_notifications_organization",
            "organization_id",
            postgresql_where=sa.text("organization_id IS NOT NULL"),
        ),
        sa.Index(
            "idx_notifications_queue",
            "scheduled_for",
            postgresql_where=sa.text("sent_at IS NULL AND attempts < 10"),
        ),
        sa.Index("idx_notifications_template", "template_id"),
        sa.Index(
            "idx_notifications_unread",
            "user_id",
            postgresql_where=sa.text("channel = 'in_app' AND read_at IS NULL"),
        ),
        sa.Index("idx_notifications_user", "user_id", sa.text("scheduled_for DESC")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger(), sa.Identity(), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    organization_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"),
    )
    template_id: Mapped[int] = mapped_column(
        sa.ForeignKey(
            "notification_templates.id",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
    )
    channel: Mapped[NotificationChannel] = mapped_column(
        sa.Enum(
            NotificationChannel,
            name="notification_channel",
            values_callable=enum_values,
        ),
    )
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'"))
    attempts: Mapped[int] = mapped_column(
        sa.SmallInteger(),
        server_default=sa.text("0"),
    )
    scheduled_for: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    sent_at: Mapped[dt.datetime | None]
    read_at: Mapped[dt.datetime | None]

    user: Mapped["User"] = relationship(back_populates="notifications")
    organization: Mapped["Organization | None"] = relationship(
        back_populates="notifications",
    )
    template: Mapped["NotificationTemplate"] = relationship(
        back_populates="notifications",
    )


class NotificationRateLimit(Base):
    """Counters that may be lost in a crash"""

    __tablename__ = "notification_rate_limits"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
    )
    channel: Mapped[NotificationChannel] = mapped_column(
        sa.Enum(
            NotificationChannel,
            name="notification_channel",
            values_callable=enum_values,
        ),
        primary_key=True,
    )
    window_start: Mapped[dt.datetime] = mapped_column(primary_key=True)
    sent_count: Mapped[int] = mapped_column(
        sa.BigInteger(),
        server_default=sa.text("0"),
    )

    user: Mapped["User"] = relationship(back_populates="notification_rate_limits")


class NotificationPreference(Base):
    __tablename__ = "notification_preferences"

    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
    )
    template_key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    channel: Mapped[NotificationChannel] = mapped_column(
        sa.Enum(
            NotificationChannel,
            name="notification_channel",
            values_callable=enum_values,
        ),
        primary_key=True,
    )
    is_enabled: Mapped[bool] = mapped_column(server_default=sa.text("true"))
    quiet_hours: Mapped[Any | None] = mapped_column(PgType("timerange"), nullable=True)

    user: Mapped["User"] = relationship(back_populates="notification_preferences")
