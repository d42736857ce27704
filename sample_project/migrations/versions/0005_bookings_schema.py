"""Bookings Schema

Section 5.6 of docs/06-technical-specification.md, lines 554 to 654.
Makes 1 enum, 3 tables, 1 function, 1 trigger, 1 view, 6 indexes, 1 statistics.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-22 20:55:50.891050
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "CREATE TYPE booking_status AS ENUM ('held', 'confirmed', 'checked_in', 'completed', 'cancelled', 'no_show')",
    )

    # docs/06-technical-specification.md:563
    op.create_table(
        "booking_policies",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("location_id", sa.Uuid()),
        sa.Column(
            "kind",
            postgresql.ENUM(
                "desk",
                "meeting_room",
                "office",
                "studio",
                "event_hall",
                name="space_kind",
                create_type=False,
            ),
        ),
        sa.Column(
            "min_duration",
            sa.Interval(),
            server_default=sa.text("INTERVAL '30 minutes'"),
            nullable=False,
        ),
        sa.Column(
            "max_duration",
            sa.Interval(),
            server_default=sa.text("INTERVAL '12 hours'"),
            nullable=False,
        ),
        sa.Column(
            "hold_for",
            sa.Interval(),
            server_default=sa.text("INTERVAL '15 minutes'"),
            nullable=False,
        ),
        sa.Column(
            "free_cancellation",
            sa.Interval(),
            server_default=sa.text("INTERVAL '24 hours'"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("booking_policies_pkey")),
        sa.UniqueConstraint(
            "location_id",
            "kind",
            name=op.f("booking_policies_one_per_scope"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(
            "min_duration <= max_duration",
            name=op.f("booking_policies_duration_order"),
        ),
        sa.CheckConstraint(
            "hold_for > INTERVAL '0'",
            name=op.f("booking_policies_hold_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("booking_policies_location_id_fkey"),
            ondelete="CASCADE",
        ),
        comment="The rule with the narrowest scope wins: location and kind, location, kind, then the row with neither.",
    )

    # Price of a stay, rounded up to the next quarter of an hour (docs/06-technical-specification.md:615)
    op.execute(
        dedent("""
            CREATE FUNCTION app.booking_price_cents(hourly_rate bigint, minutes integer) RETURNS bigint
                LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $$ SELECT (hourly_rate * ceil(minutes / 15.0) / 4)::bigint $$
        """)
    )

    # Main entity table for bookings; orders are defined in Section 5.8 (docs/06-technical-specification.md:579)
    op.create_table(
        "bookings",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column(
            "during",
            postgresql.TSTZRANGE(),
            nullable=False,
            comment="Half-open range: the next booking may start when this one ends.",
        ),
        sa.Column(
            "status",
            postgresql.ENUM(
                "held",
                "confirmed",
                "checked_in",
                "completed",
                "cancelled",
                "no_show",
                name="booking_status",
                create_type=False,
            ),
            server_default=sa.text("'held'"),
            nullable=False,
        ),
        sa.Column("title", sa.String(200)),
        sa.Column("notes", sa.Text()),
        sa.Column(
            "price_cents",
            postgresql.DOMAIN("amount_cents", sa.BigInteger(), create_type=False),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "duration_minutes",
            sa.Integer(),
            sa.Computed(
                "(EXTRACT(EPOCH FROM (upper(during) - lower(during))) / 60)::INTEGER",
                persisted=True,
            ),
        ),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("cancellation_reason", sa.Text()),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("bookings_pkey")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("bookings_tenant_key")),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)",
            name=op.f("bookings_cancelled_has_time"),
        ),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during) AND upper_inc(during) = false",
            name=op.f("bookings_during_bounded"),
        ),
        postgresql.ExcludeConstraint(
            ("space_id", "="),
            ("during", "&&"),
            name=op.f("bookings_no_double_booking"),
            using="gist",
            where=sa.text("status IN ('held', 'confirmed', 'checked_in')"),
        ),
        sa.ForeignKeyConstraint(
            ["booked_by"],
            ["users.id"],
            name=op.f("bookings_booked_by_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("bookings_organization_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("bookings_space_id_fkey"),
            ondelete="RESTRICT",
        ),
        comment="A space, a time and the organisation that uses it.",
    )
    op.execute("ALTER TABLE bookings SET (autovacuum_vacuum_scale_factor = 0.05)")
    op.execute(
        "COMMENT ON CONSTRAINT bookings_no_double_booking ON bookings IS 'The API turns a violation into 409 Conflict.'",
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_bookings_updated_at
                BEFORE UPDATE ON bookings
                FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # What is on today and later, for the calendar; runs with the rights of the reader so that policies apply (docs/06-technical-specification.md:620)
    op.execute(
        dedent("""
            CREATE VIEW upcoming_bookings WITH (security_invoker = true) AS
            SELECT b.id, b.organization_id, s.location_id, b.space_id, s.name AS space_name, b.during, b.status, b.title
            FROM bookings AS b
            JOIN spaces AS s ON s.id = b.space_id
            WHERE b.status IN ('held', 'confirmed', 'checked_in') AND upper(b.during) > CURRENT_TIMESTAMP
        """)
    )
    op.execute(
        "COMMENT ON VIEW upcoming_bookings IS 'Bookings that are not over, with the name of their space.'",
    )

    # docs/06-technical-specification.md:630
    op.create_table(
        "booking_attendees",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column(
            "email",
            postgresql.DOMAIN("email_address", postgresql.CITEXT(), create_type=False),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("checked_in_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint(
            "booking_id",
            "email",
            name=op.f("booking_attendees_pkey"),
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["bookings.id"],
            name=op.f("booking_attendees_booking_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("booking_attendees_user_id_fkey"),
            ondelete="SET NULL",
        ),
    )
    op.create_index(
        op.f("idx_booking_attendees_user"),
        "booking_attendees",
        ["user_id"],
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )

    op.create_index(
        op.f("idx_bookings_organization"),
        "bookings",
        ["organization_id", sa.text("lower(during) DESC")],
    )
    op.create_index(
        op.f("idx_bookings_space"),
        "bookings",
        ["space_id", sa.text("lower(during)")],
        postgresql_include=["status"],
    )
    op.create_index(
        op.f("idx_bookings_booked_by"),
        "bookings",
        ["booked_by", sa.text("created_at DESC")],
    )
    op.create_index(
        op.f("idx_bookings_order"),
        "bookings",
        ["order_id"],
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index(
        op.f("idx_bookings_holds"),
        "bookings",
        ["created_at"],
        postgresql_where=sa.text("status = 'held'"),
    )

    op.execute(
        "CREATE STATISTICS stats_bookings_space_status (dependencies, ndistinct) ON space_id, status FROM bookings",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("booking_attendees")
    op.execute("DROP VIEW upcoming_bookings")
    op.drop_table("bookings")
    op.execute("DROP FUNCTION app.booking_price_cents(bigint, integer)")
    op.drop_table("booking_policies")
    op.execute("DROP TYPE booking_status")
