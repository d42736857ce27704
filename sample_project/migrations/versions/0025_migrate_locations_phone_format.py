"""migrate locations_phone_format

Section 5.5 of docs/06-technical-specification.md, lines 406 to 556.

Phase:           migrate (class D): beside both releases
Locks:           ACCESS EXCLUSIVE on locations
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0025
Revises: 0024
Create Date: 2026-11-22 20:56:04.509021
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0025"
down_revision: str | Sequence[str] | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "ALTER TABLE locations ADD CONSTRAINT vibe_new_locations_phone_format CHECK (contact_phone ~ '^\\+[1-9][0-9]{6,14}$') NOT VALID",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("ALTER TABLE locations DROP CONSTRAINT vibe_new_locations_phone_format")
