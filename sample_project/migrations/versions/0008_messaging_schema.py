"""Messaging Schema

Section 5.10 of docs/06-technical-specification.md, lines 1019 to 1112.
Makes 4 tables, 1 function, 1 trigger, 10 indexes.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-22 20:55:50.909831
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # docs/06-technical-specification.md:1026
    op.create_table(
        "conversations",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid()),
        sa.Column("subject", sa.String(200)),
        sa.Column("last_message_id", sa.BigInteger()),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("conversations_pkey")),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["bookings.id"],
            name=op.f("conversations_booking_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("conversations_organization_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # Main entity table for messages; the key grows with time, which pagination relies on (docs/06-technical-specification.md:1037)
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid()),
        sa.Column("reply_to_id", sa.BigInteger()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "mentions",
            postgresql.ARRAY(sa.Uuid()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "sent_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("edited_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("messages_pkey")),
        sa.CheckConstraint(
            "char_length(body) BETWEEN 1 AND 8000",
            name=op.f("messages_body_length"),
        ),
        sa.CheckConstraint(
            "edited_at >= sent_at",
            name=op.f("messages_edited_after_sent"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("messages_conversation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reply_to_id"],
            ["messages.id"],
            name=op.f("messages_reply_to_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"],
            ["users.id"],
            name=op.f("messages_sender_id_fkey"),
            ondelete="SET NULL",
        ),
    )

    # Added by itself, because the tables need each other.
    op.create_foreign_key(
        op.f("conversations_last_message_fkey"),
        "conversations",
        "messages",
        ["last_message_id"],
        ["id"],
        ondelete="SET NULL",
    )

    # docs/06-technical-specification.md:1057
    op.create_table(
        "message_attachments",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("message_attachments_pkey")),
        sa.UniqueConstraint(
            "storage_key",
            name=op.f("message_attachments_storage_key_key"),
        ),
        sa.CheckConstraint(
            "media_type ~ '^[a-z]+/[a-z0-9.+-]+$'",
            name=op.f("message_attachments_media_type"),
        ),
        sa.CheckConstraint(
            "byte_size BETWEEN 1 AND 26214400",
            name=op.f("message_attachments_size"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("message_attachments_message_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # docs/06-technical-specification.md:1069
    op.execute(
        dedent("""
            CREATE FUNCTION app.note_last_message() RETURNS trigger
                LANGUAGE plpgsql
            AS $$
            BEGIN
                UPDATE conversations SET last_message_id = NEW.id WHERE id = NEW.conversation_id;
                RETURN NULL;
            END;
            $$
        """)
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_messages_last_message
                AFTER INSERT ON messages
                FOR EACH ROW EXECUTE FUNCTION app.note_last_message()
        """)
    )

    # docs/06-technical-specification.md:1085
    op.create_table(
        "conversation_participants",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("last_read_message_id", sa.BigInteger()),
        sa.Column("muted_until", sa.DateTime(timezone=True)),
        sa.Column(
            "joined_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            "conversation_id",
            "user_id",
            name=op.f("conversation_participants_pkey"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("conversation_participants_conversation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["last_read_message_id"],
            ["messages.id"],
            name=op.f("conversation_participants_last_read_message_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("conversation_participants_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.create_index(
        op.f("idx_conversations_organization"),
        "conversations",
        ["organization_id", "archived_at", sa.text("created_at DESC")],
    )
    op.create_index(op.f("idx_conversations_booking"), "conversations", ["booking_id"])
    op.create_index(
        op.f("idx_conversations_last_message"),
        "conversations",
        ["last_message_id"],
    )

    op.create_index(
        op.f("idx_messages_conversation"),
        "messages",
        ["conversation_id", sa.text("id DESC")],
    )
    op.create_index(op.f("idx_messages_sender"), "messages", ["sender_id"])
    op.create_index(
        op.f("idx_messages_reply_to"),
        "messages",
        ["reply_to_id"],
        postgresql_where=sa.text("reply_to_id IS NOT NULL"),
    )
    op.create_index(
        op.f("idx_messages_mentions"),
        "messages",
        ["mentions"],
        postgresql_using="gin",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )

    op.create_index(
        op.f("idx_message_attachments_message"),
        "message_attachments",
        ["message_id"],
    )

    op.create_index(
        op.f("idx_conversation_participants_user"),
        "conversation_participants",
        ["user_id"],
    )
    op.create_index(
        op.f("idx_conversation_participants_read"),
        "conversation_participants",
        ["last_read_message_id"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("conversation_participants")
    op.execute("DROP TRIGGER trigger_messages_last_message ON messages")
    op.execute("DROP FUNCTION app.note_last_message()")
    op.drop_table("message_attachments")
    op.drop_constraint(
        op.f("conversations_last_message_fkey"),
        "conversations",
        type_="foreignkey",
    )
    op.drop_table("messages")
    op.drop_table("conversations")
