"""expand waitlist_entries_user_id_fkey to users

Section 5.3 of docs/06-technical-specification.md, lines 57 to 274.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           SHARE ROW EXCLUSIVE on users
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-22 20:55:57.358163
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # Users table (core authentication) (docs/06-technical-specification.md:168)
    # vibe: ignore[fk-not-valid] reason="waitlist_entries is new: it has no rows to read yet"
    op.create_foreign_key(
        op.f("waitlist_entries_user_id_fkey"),
        "waitlist_entries",
        "users",
        ["user_id"],
        ["id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_constraint(
        op.f("waitlist_entries_user_id_fkey"),
        "waitlist_entries",
        type_="foreignkey",
    )
