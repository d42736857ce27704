"""contract locations.contact_phone not null

Section 5.5 of docs/06-technical-specification.md, lines 406 to 557.

Phase:           contract (class C): after the old release is gone
Locks:           ACCESS EXCLUSIVE on locations
Reads whole:     locations
Waits for:       rows of locations have no contact_phone
Old release:     writing NULL to locations.contact_phone fails
New release:     nothing
Downgrade loses: nothing

Revision ID: 0036
Revises: 0035
Create Date: 2026-11-22 20:56:18.057228
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0036"
down_revision: str | Sequence[str] | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        dedent("""
            DO $check$
            DECLARE
                found bigint;
            BEGIN
                found := (SELECT count(*) FROM locations WHERE contact_phone IS NULL);
                IF found > 0 THEN
                    RAISE EXCEPTION 'not yet: % %', found, 'rows of locations have no contact_phone'
                        USING HINT = 'This revision has changed nothing. Mend these rows, then upgrade again.';
                END IF;
            END
            $check$
        """)
    )
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute(
            "ALTER TABLE locations DROP CONSTRAINT IF EXISTS vibe_not_null_contact_phone",
        )
        op.execute(
            "ALTER TABLE locations ADD CONSTRAINT vibe_not_null_contact_phone CHECK (contact_phone IS NOT NULL) NOT VALID",
        )
        op.execute(
            "ALTER TABLE locations VALIDATE CONSTRAINT vibe_not_null_contact_phone",
        )
        op.execute("ALTER TABLE locations ALTER COLUMN contact_phone SET NOT NULL")
        op.execute("ALTER TABLE locations DROP CONSTRAINT vibe_not_null_contact_phone")

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute("ALTER TABLE locations ALTER COLUMN contact_phone DROP NOT NULL")

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")
