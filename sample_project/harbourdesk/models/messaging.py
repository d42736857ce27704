"""Messaging Schema.

Specification: docs/06-technical-specification.md, section 5.10
"""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base

if TYPE_CHECKING:
    from .bookings import Booking
    from .core_system import User
    from .organisations_membership import Organization


class Conversation(Base):
    __tablename__ = "conversations"
    __table_args__ = (
        sa.Index("idx_conversations_booking", "booking_id"),
        sa.Index("idx_conversations_last_message", "last_message_id"),
        sa.Index(
            "idx_conversations_organization",
            "organization_id",
            "archived_at",
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
    booking_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("bookings.id", ondelete="SET NULL"),
    )
    subject: Mapped[str | None] = mapped_column(sa.String(200))
    last_message_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(
            "messages.id",
            name="conversations_last_message_fkey",
            ondelete="SET NULL",
        ),
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    archived_at: Mapped[dt.datetime | None]

    organization: Mapped["Organization"] = relationship(back_populates="conversations")
    booking: Mapped["Booking | None"] = relationship(back_populates="conversations")
    last_message: Mapped["Message | None"] = relationship(
        foreign_keys=[last_message_id],
        back_populates="last_message_conversations",
        post_update=True,
    )
    messages: Mapped[list["Message"]] = relationship(
        foreign_keys="Message.conversation_id",
        back_populates="conversation",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    conversation_participants: Mapped[list["ConversationParticipant"]] = relationship(
        back_populates="conversation",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class Message(Base):
    """Main entity table for messages; the key grows with time, which pagination relies
    on
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.CheckConstraint(
            "char_length(body) BETWEEN 1 AND 8000",
            name="messages_body_length",
        ),
        sa.CheckConstraint("edited_at >= sent_at", name="messages_edited_after_sent"),
        sa.Index("idx_messages_conversation", "conversation_id", sa.text("id DESC")),
        sa.Index(
            "idx_messages_mentions",
            "mentions",
            postgresql_using="gin",
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index(
            "idx_messages_reply_to",
            "reply_to_id",
            postgresql_where=sa.text("reply_to_id IS NOT NULL"),
        ),
        sa.Index("idx_messages_sender", "sender_id"),
    )

    id: Mapped[int] = mapped_column(
        sa.BigInteger(),
        sa.Identity(always=True),
        primary_key=True,
    )
    conversation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
    )
    sender_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"),
    )
    reply_to_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("messages.id", ondelete="SET NULL"),
    )
    body: Mapped[str]
    mentions: Mapped[list[UUID]] = mapped_column(
        postgresql.ARRAY(sa.Uuid()),
        server_default=sa.text("'{}'"),
    )
    sent_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    edited_at: Mapped[dt.datetime | None]
    deleted_at: Mapped[dt.datetime | None]

    conversation: Mapped["Conversation"] = relationship(
        foreign_keys=[conversation_id],
        back_populates="messages",
    )
    sender: Mapped["User | None"] = relationship(back_populates="messages")
    reply_to: Mapped["Message | None"] = relationship(
        remote_side="Message.id",
        back_populates="reply_to_messages",
    )
    last_message_conversations: Mapped[list["Conversation"]] = relationship(
        foreign_keys="Conversation.last_message_id",
        back_populates="last_message",
        passive_deletes=True,
        post_update=True,
    )
    reply_to_messages: Mapped[list["Message"]] = relationship(
        back_populates="reply_to",
        passive_deletes=True,
    )
    message_attachments: Mapped[list["MessageAttachment"]] = relationship(
        back_populates="message",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    conversation_participants: Mapped[list["ConversationParticipant"]] = relationship(
        back_populates="last_read_message",
        passive_deletes=True,
    )


class MessageAttachment(Base):
    __tablename__ = "message_attachments"
    __table_args__ = (
        sa.CheckConstraint(
            "media_type ~ '^[a-z]+/[a-z0-9.+-]+$'",
            name="message_attachments_media_type",
        ),
        sa.CheckConstraint(
            "byte_size BETWEEN 1 AND 26214400",
            name="message_attachments_size",
        ),
        sa.Index("idx_message_attachments_message", "message_id"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    message_id: Mapped[int] = mapped_column(
        sa.ForeignKey("messages.id", ondelete="CASCADE"),
    )
    file_name: Mapped[str] = mapped_column(sa.String(255))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    byte_size: Mapped[int] = mapped_column(sa.BigInteger())
    storage_key: Mapped[str] = mapped_column(unique=True)

    message: Mapped["Message"] = relationship(back_populates="message_attachments")


class ConversationParticipant(Base):
    __tablename__ = "conversation_participants"
    __table_args__ = (
        sa.Index("idx_conversation_participants_read", "last_read_message_id"),
        sa.Index("idx_conversation_participants_user", "user_id"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    )
    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
    )
    last_read_message_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("messages.id", ondelete="SET NULL"),
    )
    muted_until: Mapped[dt.datetime | None]
    joined_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    conversation: Mapped["Conversation"] = relationship(
        back_populates="conversation_participants",
    )
    user: Mapped["User"] = relationship(back_populates="conversation_participants")
    last_read_message: Mapped["Message | None"] = relationship(
        back_populates="conversation_participants",
    )
