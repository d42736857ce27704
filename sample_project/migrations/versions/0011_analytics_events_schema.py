"""Analytics Events Schema

Section 5.13 of docs/06-technical-specification.md, lines 1262 to 1327.
Makes 1 enum, 6 tables, 5 indexes.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-22 20:55:50.927268
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE TYPE event_source AS ENUM ('web', 'ios', 'android', 'api')")

    # Partitioned by month, so that retention drops a partition instead of deleting rows (docs/06-technical-specification.md:1272)
    op.create_table(
        "analytics_events",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column(
            "source",
            postgresql.ENUM(
                "web",
                "ios",
                "android",
                "api",
                name="event_source",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column(
            "properties",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("client_ip", postgresql.INET()),
        sa.PrimaryKeyConstraint(
            "id",
            "occurred_at",
            name=op.f("analytics_events_pkey"),
        ),
        sa.CheckConstraint(
            "name ~ '^[a-z]+(_[a-z]+)*$'",
            name=op.f("analytics_events_name_format"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("analytics_events_organization_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("analytics_events_user_id_fkey"),
            ondelete="SET NULL",
        ),
        comment="Product analytics; one partition per month, kept for thirteen months.",
        postgresql_partition_by="RANGE (occurred_at)",
    )

    # docs/06-technical-specification.md:1287
    op.execute(
        "CREATE TABLE analytics_events_2026_01 PARTITION OF analytics_events FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')",
    )

    # docs/06-technical-specification.md:1289
    op.execute(
        "CREATE TABLE analytics_events_2026_02 PARTITION OF analytics_events FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00')",
    )

    # docs/06-technical-specification.md:1291
    op.execute(
        "CREATE TABLE analytics_events_2026_03 PARTITION OF analytics_events FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-04-01 00:00:00+00')",
    )

    # Late or early clocks: nothing is refused (docs/06-technical-specification.md:1294)
    op.execute(
        "CREATE TABLE analytics_events_default PARTITION OF analytics_events DEFAULT",
    )

    # Daily totals per location, filled by a nightly job (docs/06-technical-specification.md:1297)
    op.create_table(
        "usage_daily",
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "booked_minutes",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("available_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "revenue_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "occupancy",
            sa.Numeric(5, 4),
            sa.Computed(
                "CASE WHEN available_minutes > 0 THEN booked_minutes::NUMERIC / available_minutes END",
                persisted=True,
            ),
        ),
        sa.PrimaryKeyConstraint("location_id", "day", name=op.f("usage_daily_pkey")),
        sa.CheckConstraint(
            "booked_minutes >= 0 AND booked_minutes <= available_minutes",
            name=op.f("usage_daily_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("usage_daily_location_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.create_index(
        op.f("idx_analytics_events_name"),
        "analytics_events",
        ["name", sa.text("occurred_at DESC")],
    )
    op.create_index(
        op.f("idx_analytics_events_organization"),
        "analytics_events",
        ["organization_id", sa.text("occurred_at DESC")],
    )
    op.create_index(op.f("idx_analytics_events_user"), "analytics_events", ["user_id"])
    op.create_index(
        op.f("idx_analytics_events_time"),
        "analytics_events",
        ["occurred_at"],
        postgresql_using="brin",
    )

    op.create_index(op.f("idx_usage_daily_day"), "usage_daily", ["day"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("usage_daily")
    op.drop_table("analytics_events")
    op.execute("DROP TYPE event_source")
