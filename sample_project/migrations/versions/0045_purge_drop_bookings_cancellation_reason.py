"""purge drop bookings.cancellation_reason

Section 5.6 of docs/06-technical-specification.md, lines 544 to 655.

Phase:           purge (class C): when nobody wants to go back any more
Locks:           ACCESS EXCLUSIVE on bookings
Old release:     is gone
New release:     nothing
Downgrade loses: the values of bookings.cancellation_reason
Accepted:        data-loss: the values of bookings.cancellation_reason are gone for good

Revision ID: 0045
Revises: 0044
Create Date: 2026-11-22 20:56:34.829038
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0045"
down_revision: str | Sequence[str] | None = "0044"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("ALTER TABLE bookings DROP COLUMN vibe_drop_cancellation_reason")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("ALTER TABLE bookings ADD COLUMN vibe_drop_cancellation_reason text")
