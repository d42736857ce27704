"""contract space_photos_alt_text

Section 5.5 of docs/06-technical-specification.md, lines 406 to 556.

Phase:           contract (class C): after the old release is gone
Locks:           ACCESS EXCLUSIVE on space_photos
Waits for:       rows of space_photos do not satisfy space_photos_alt_text
Old release:     is gone
New release:     nothing
Downgrade loses: nothing

Revision ID: 0027
Revises: 0026
Create Date: 2026-11-22 20:56:09.081387
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0027"
down_revision: str | Sequence[str] | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        dedent("""
            DO $check$
            DECLARE
                found bigint;
            BEGIN
                found := (SELECT count(*) FROM space_photos WHERE NOT (btrim(alt_text) <> ''));
                IF found > 0 THEN
                    RAISE EXCEPTION 'not yet: % %', found, 'rows of space_photos do not satisfy space_photos_alt_text'
                        USING HINT = 'This revision has changed nothing. Mend these rows, then upgrade again.';
                END IF;
            END
            $check$
        """)
    )
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "ALTER TABLE space_photos ADD CONSTRAINT space_photos_alt_text CHECK (btrim(alt_text) <> '') NOT VALID",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("ALTER TABLE space_photos DROP CONSTRAINT space_photos_alt_text")
