"""expand waitlist_entries_space_id_fkey to spaces

Section 5.5 of docs/06-technical-specification.md, lines 406 to 555.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           SHARE ROW EXCLUSIVE on spaces
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-22 20:55:57.352973
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # Main entity table for spaces (docs/06-technical-specification.md:437)
    # vibe: ignore[fk-not-valid] reason="waitlist_entries is new: it has no rows to read yet"
    op.create_foreign_key(
        op.f("waitlist_entries_space_id_fkey"),
        "waitlist_entries",
        "spaces",
        ["space_id"],
        ["id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_constraint(
        op.f("waitlist_entries_space_id_fkey"),
        "waitlist_entries",
        type_="foreignkey",
    )
