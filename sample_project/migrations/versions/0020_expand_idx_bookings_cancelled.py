"""expand idx_bookings_cancelled

Section 5.6 of docs/06-technical-specification.md, lines 557 to 669.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           SHARE UPDATE EXCLUSIVE on bookings
Reads whole:     bookings
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-22 20:55:57.363979
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | Sequence[str] | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("SET statement_timeout = 0")

        op.drop_index(
            op.f("idx_bookings_cancelled"),
            table_name="bookings",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            op.f("idx_bookings_cancelled"),
            "bookings",
            ["cancelled_at"],
            postgresql_where=sa.text("cancelled_at IS NOT NULL"),
            postgresql_concurrently=True,
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("SET statement_timeout = 0")

        op.drop_index(
            op.f("idx_bookings_cancelled"),
            table_name="bookings",
            postgresql_concurrently=True,
            if_exists=True,
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")
