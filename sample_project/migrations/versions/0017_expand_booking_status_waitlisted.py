"""expand booking_status: 'waitlisted'

Section 5.6 of docs/06-technical-specification.md, lines 557 to 669.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           none on tables
Old release:     it may read 'waitlisted', once the next release writes that
New release:     nothing
Downgrade locks: bookings (while rows are read or written)
Downgrade loses: nothing

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-22 20:55:57.347604
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The downgrade makes booking_status anew and rewrites bookings.
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute("ALTER TYPE booking_status ADD VALUE IF NOT EXISTS 'waitlisted'")

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute(
            dedent("""
                DO $vibe$
                DECLARE
                    vibe_rows bigint;
                BEGIN
                    SELECT count(*) INTO vibe_rows FROM bookings WHERE status::text IN ('waitlisted');
                IF vibe_rows > 0 THEN
                    RAISE EXCEPTION '% rows of bookings.status hold waitlisted: give them another value first', vibe_rows;
                END IF;
                    DROP VIEW upcoming_bookings;
                    DROP INDEX idx_bookings_holds;
                    ALTER TABLE bookings DROP CONSTRAINT bookings_no_double_booking;
                    ALTER TABLE bookings DROP CONSTRAINT bookings_cancelled_has_time;
                    ALTER TABLE bookings ALTER COLUMN status DROP DEFAULT;
                    ALTER TYPE booking_status RENAME TO vibe_booking_status;
                    CREATE TYPE booking_status AS ENUM ('held', 'confirmed', 'checked_in', 'completed', 'cancelled', 'no_show');
                    ALTER TABLE bookings ALTER COLUMN status TYPE booking_status USING status::text::booking_status;
                    DROP TYPE vibe_booking_status;
                    ALTER TABLE bookings ALTER COLUMN status SET DEFAULT 'held';
                    ALTER TABLE bookings ADD CONSTRAINT bookings_cancelled_has_time CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL));
                    ALTER TABLE bookings ADD CONSTRAINT bookings_no_double_booking EXCLUDE USING gist (space_id WITH =, during WITH &&) WHERE (status = ANY (ARRAY['held'::booking_status, 'confirmed'::booking_status, 'checked_in'::booking_status]));
                    COMMENT ON CONSTRAINT bookings_no_double_booking ON bookings IS 'The API turns a violation into 409 Conflict.';
                    CREATE INDEX idx_bookings_holds ON bookings USING btree (created_at) WHERE status = 'held'::booking_status;
                    CREATE VIEW upcoming_bookings WITH (security_invoker = true) AS
                SELECT b.id, b.organization_id, s.location_id, b.space_id, s.name AS space_name, b.during, b.status, b.title
                FROM bookings AS b
                JOIN spaces AS s ON s.id = b.space_id
                WHERE b.status IN ('held', 'confirmed', 'checked_in') AND upper(b.during) > CURRENT_TIMESTAMP;
                    COMMENT ON VIEW upcoming_bookings IS 'Bookings that are not over, with the name of their space.';
                    GRANT SELECT ON upcoming_bookings TO app_ro;
                    GRANT DELETE, INSERT, SELECT, UPDATE ON upcoming_bookings TO app_rw;
                END
                $vibe$
            """)
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")
