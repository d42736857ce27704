"""expand drop space_photos_space_id_fkey

Phase:           expand (class E): before the new release; the running one goes on
Locks:           ACCESS EXCLUSIVE on space_photos
                 ACCESS EXCLUSIVE on spaces
Old release:     rows of spaces can be deleted although rows of space_photos refer to them
New release:     nothing
Downgrade locks: space_photos (while rows are read or written)
Downgrade loses: nothing

Revision ID: 0040
Revises: 0039
Create Date: 2026-11-22 20:56:24.841187
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0040"
down_revision: str | Sequence[str] | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # Added by itself, because the tables need each other.
    op.drop_constraint(
        op.f("space_photos_space_id_fkey"),
        "space_photos",
        type_="foreignkey",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "ALTER TABLE space_photos ADD CONSTRAINT space_photos_space_id_fkey FOREIGN KEY (space_id) REFERENCES spaces(id) ON DELETE CASCADE NOT VALID",
    )
    op.execute(
        dedent("""
            DO $$
            BEGIN
                ALTER TABLE space_photos VALIDATE CONSTRAINT space_photos_space_id_fkey;
            EXCEPTION WHEN foreign_key_violation THEN
                RAISE WARNING USING MESSAGE = 'space_photos_space_id_fkey on space_photos is not valid: rows refer to rows that are gone';
            END
            $$
        """)
    )
