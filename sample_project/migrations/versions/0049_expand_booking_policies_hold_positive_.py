"""expand booking_policies_hold_positive loosened

Section 5.6 of docs/06-technical-specification.md, lines 544 to 655.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           ACCESS EXCLUSIVE on booking_policies
Reads whole:     booking_policies
Old release:     nothing
New release:     nothing
Downgrade locks: booking_policies (while rows are read or written)
Downgrade loses: nothing

Revision ID: 0049
Revises: 0048
Create Date: 2026-11-22 20:56:46.851516
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0049"
down_revision: str | Sequence[str] | None = "0048"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Until contract, vibe_either_booking_policies_hold_positive lets through what satisfies the old or the new booking_policies: booking_policies_hold_positive.
    # Where rows do not satisfy the old condition by then, the downgrade adds it as NOT VALID.
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute(
            "ALTER TABLE booking_policies DROP CONSTRAINT IF EXISTS vibe_either_booking_policies_hold_positive",
        )
        op.execute(
            "ALTER TABLE booking_policies ADD CONSTRAINT vibe_either_booking_policies_hold_positive CHECK ((hold_for > INTERVAL '0') OR (hold_for >= INTERVAL '1 minute')) NOT VALID",
        )
        op.execute(
            "ALTER TABLE booking_policies VALIDATE CONSTRAINT vibe_either_booking_policies_hold_positive",
        )
        op.execute(
            "ALTER TABLE booking_policies DROP CONSTRAINT IF EXISTS booking_policies_hold_positive",
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute(
            "ALTER TABLE booking_policies DROP CONSTRAINT IF EXISTS booking_policies_hold_positive",
        )
        op.execute(
            "ALTER TABLE booking_policies ADD CONSTRAINT booking_policies_hold_positive CHECK (hold_for > INTERVAL '0') NOT VALID",
        )
        op.execute(
            dedent("""
                DO $$
                BEGIN
                    ALTER TABLE booking_policies VALIDATE CONSTRAINT booking_policies_hold_positive;
                EXCEPTION WHEN check_violation OR foreign_key_violation THEN
                    RAISE WARNING USING MESSAGE = 'booking_policies_hold_positive on booking_policies is not valid: there are rows that do not satisfy it';
                END
                $$
            """)
        )
        op.execute(
            "ALTER TABLE booking_policies DROP CONSTRAINT IF EXISTS vibe_either_booking_policies_hold_positive",
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")
