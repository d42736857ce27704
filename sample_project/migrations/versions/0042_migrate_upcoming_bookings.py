"""migrate upcoming_bookings

Section 5.6 of docs/06-technical-specification.md, lines 544 to 655.

Phase:           migrate (class D): beside both releases
Locks:           ACCESS EXCLUSIVE on upcoming_bookings
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0042
Revises: 0041
Create Date: 2026-11-22 20:56:24.861316
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0042"
down_revision: str | Sequence[str] | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # What is on today and later, for the calendar; runs with the rights of the reader so that policies apply (docs/06-technical-specification.md:609)
    op.execute(
        dedent("""
            CREATE OR REPLACE VIEW upcoming_bookings WITH (security_invoker = true) AS
            SELECT b.id, b.organization_id, s.location_id, b.space_id, s.name AS space_name, b.during, b.status, b.title, b.booked_by
            FROM bookings AS b
            JOIN spaces AS s ON s.id = b.space_id
            WHERE b.status IN ('held', 'confirmed', 'checked_in') AND upper(b.during) > CURRENT_TIMESTAMP
        """)
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("DROP VIEW upcoming_bookings")
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
    op.execute("GRANT SELECT ON upcoming_bookings TO app_ro")
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON upcoming_bookings TO app_rw")
