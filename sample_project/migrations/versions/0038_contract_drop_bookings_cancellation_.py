"""contract drop bookings.cancellation_reason

Section 5.6 of docs/06-technical-specification.md, lines 559 to 670.

Phase:           contract (class C): after the old release is gone
Locks:           ACCESS EXCLUSIVE on bookings
Old release:     bookings.cancellation_reason does not exist any more
New release:     nothing
Downgrade loses: nothing

Revision ID: 0038
Revises: 0037
Create Date: 2026-11-22 20:56:18.078475
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0038"
down_revision: str | Sequence[str] | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "ALTER TABLE bookings RENAME COLUMN cancellation_reason TO vibe_drop_cancellation_reason",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "ALTER TABLE bookings RENAME COLUMN vibe_drop_cancellation_reason TO cancellation_reason",
    )
