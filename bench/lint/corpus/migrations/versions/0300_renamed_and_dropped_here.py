"""A table with a detour

Downgrade loses: what was written into it meanwhile

Revision ID: 708b439cb8e5
Revises: 8145f81d435c
Create Date: 2026-11-21 00:16:30.375700
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "708b439cb8e5"
down_revision: str | Sequence[str] | None = "8145f81d435c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE detour_draft (id bigint, name text, extra text)")
    op.execute("INSERT INTO detour_draft VALUES (1, 'one', 'x')")
    op.execute("ALTER TABLE detour_draft RENAME TO detour")
    op.execute("ALTER TABLE detour RENAME COLUMN name TO title")
    op.execute("ALTER TABLE detour ALTER COLUMN id TYPE integer")
    op.execute("ALTER TABLE detour DROP COLUMN extra")
    op.execute("ALTER TABLE detour ADD EXCLUDE (id WITH =)")
    op.execute("DELETE FROM detour")


def downgrade() -> None:
    op.execute("DROP TABLE detour")
