"""contract validate space_photos_alt_text

Section 5.5 of docs/06-technical-specification.md, lines 406 to 556.

Phase:           contract (class C): after the old release is gone
Locks:           SHARE UPDATE EXCLUSIVE on space_photos
Reads whole:     space_photos
Old release:     is gone
New release:     nothing
Downgrade loses: nothing

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-22 20:56:09.094158
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0028"
down_revision: str | Sequence[str] | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute("ALTER TABLE space_photos VALIDATE CONSTRAINT space_photos_alt_text")

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    # Nothing to undo: what this revision checked or filled goes with the revisions before it.
    pass
