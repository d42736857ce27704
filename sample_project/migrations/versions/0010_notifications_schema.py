"""Notifications Schema

Section 5.12 of docs/06-technical-specification.md, lines 1181 to 1260.
Makes 1 enum, 4 tables, 5 indexes.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-22 20:55:50.920887
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE TYPE notification_channel AS ENUM ('email', 'push', 'in_app')")

    # docs/06-technical-specification.md:1190
    op.create_table(
        "notification_templates",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column(
            "channel",
            postgresql.ENUM(
                "email",
                "push",
                "in_app",
                name="notification_channel",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "locale",
            sa.String(16),
            server_default=sa.text("'en-GB'"),
            nullable=False,
        ),
        sa.Column("subject", sa.String(200)),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("notification_templates_pkey")),
        sa.UniqueConstraint(
            "key",
            "channel",
            "locale",
            name=op.f("notification_templates_unique"),
        ),
        sa.CheckConstraint(
            "channel <> 'email' OR subject IS NOT NULL",
            name=op.f("notification_templates_email_subject"),
        ),
        sa.CheckConstraint(
            "key ~ '^[a-z_]+(\\.[a-z_]+)*$'",
            name=op.f("notification_templates_key_format"),
        ),
    )

    # Main entity table for notifications (docs/06-technical-specification.md:1204)
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid()),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            postgresql.ENUM(
                "email",
                "push",
                "in_app",
                name="notification_channel",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "payload",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "attempts",
            sa.SmallInteger(),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "scheduled_for",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("notifications_pkey")),
        sa.CheckConstraint(
            "attempts BETWEEN 0 AND 10",
            name=op.f("notifications_attempts_range"),
        ),
        sa.CheckConstraint(
            "read_at IS NULL OR sent_at IS NOT NULL",
            name=op.f("notifications_read_after_sent"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("notifications_organization_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["notification_templates.id"],
            name=op.f("notifications_template_id_fkey"),
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("notifications_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    # Counters that may be lost in a crash (docs/06-technical-specification.md:1221)
    op.create_table(
        "notification_rate_limits",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            postgresql.ENUM(
                "email",
                "push",
                "in_app",
                name="notification_channel",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "sent_count",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            "user_id",
            "channel",
            "window_start",
            name=op.f("notification_rate_limits_pkey"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("notification_rate_limits_user_id_fkey"),
            ondelete="CASCADE",
        ),
        prefixes=["UNLOGGED"],
    )

    # docs/06-technical-specification.md:1238
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("template_key", sa.String(80), nullable=False),
        sa.Column(
            "channel",
            postgresql.ENUM(
                "email",
                "push",
                "in_app",
                name="notification_channel",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "is_enabled",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            "user_id",
            "template_key",
            "channel",
            name=op.f("notification_preferences_pkey"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("notification_preferences_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.execute("ALTER TABLE notification_preferences ADD COLUMN quiet_hours timerange")

    op.create_index(
        op.f("idx_notifications_user"),
        "notifications",
        ["user_id", sa.text("scheduled_for DESC")],
    )
    op.create_index(
        op.f("idx_notifications_unread"),
        "notifications",
        ["user_id"],
        postgresql_where=sa.text("channel = 'in_app' AND read_at IS NULL"),
    )
    op.create_index(
        op.f("idx_notifications_queue"),
        "notifications",
        ["scheduled_for"],
        postgresql_where=sa.text("sent_at IS NULL AND attempts < 10"),
    )
    op.create_index(
        op.f("idx_notifications_organization"),
        "notifications",
        ["organization_id"],
        postgresql_where=sa.text("organization_id IS NOT NULL"),
    )
    op.create_index(
        op.f("idx_notifications_template"),
        "notifications",
        ["template_id"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("notification_preferences")
    op.drop_table("notification_rate_limits")
    op.drop_table("notifications")
    op.drop_table("notification_templates")
    op.execute("DROP TYPE notification_channel")
