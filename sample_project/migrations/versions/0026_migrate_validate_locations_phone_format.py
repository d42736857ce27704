"""migrate validate locations_phone_format

Section 5.5 of docs/06-technical-specification.md, lines 406 to 556.

Phase:           migrate (class D): beside both releases
Locks:           SHARE UPDATE EXCLUSIVE on locations
Reads whole:     locations
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0026
Revises: 0025
Create Date: 2026-11-22 20:56:04.515177
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0026"
down_revision: str | Sequence[str] | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute(
            "ALTER TABLE locations VALIDATE CONSTRAINT vibe_new_locations_phone_format",
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    # Nothing to undo: what this revision checked or filled goes with the revisions before it.
    pass
