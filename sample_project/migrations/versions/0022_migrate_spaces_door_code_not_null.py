"""migrate spaces.door_code not null

Section 5.5 of docs/06-technical-specification.md, lines 406 to 555.

Phase:           migrate (class D): beside both releases
Locks:           ACCESS EXCLUSIVE on spaces
Reads whole:     spaces
Waits for:       rows of spaces have no door_code
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-22 20:55:57.374837
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0022"
down_revision: str | Sequence[str] | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        dedent("""
            DO $check$
            DECLARE
                found bigint;
            BEGIN
                found := (SELECT count(*) FROM spaces WHERE door_code IS NULL);
                IF found > 0 THEN
                    RAISE EXCEPTION 'not yet: % %', found, 'rows of spaces have no door_code'
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
            "ALTER TABLE spaces DROP CONSTRAINT IF EXISTS vibe_not_null_door_code",
        )
        op.execute(
            "ALTER TABLE spaces ADD CONSTRAINT vibe_not_null_door_code CHECK (door_code IS NOT NULL) NOT VALID",
        )
        op.execute("ALTER TABLE spaces VALIDATE CONSTRAINT vibe_not_null_door_code")
        op.execute("ALTER TABLE spaces ALTER COLUMN door_code SET NOT NULL")
        op.execute("ALTER TABLE spaces DROP CONSTRAINT vibe_not_null_door_code")

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute("ALTER TABLE spaces ALTER COLUMN door_code DROP NOT NULL")

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")
