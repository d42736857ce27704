"""expand spaces.door_code

Section 5.5 of docs/06-technical-specification.md, lines 406 to 555.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           ACCESS EXCLUSIVE on spaces
Old release:     a prepared SELECT * fails once in each session
New release:     nothing
Downgrade loses: the values of spaces.door_code

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-22 20:55:57.342145
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "ALTER TABLE spaces ADD COLUMN door_code uuid, ALTER COLUMN door_code SET DEFAULT gen_random_uuid()",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_column("spaces", "door_code")
