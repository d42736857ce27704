"""expand table waitlist_entries

Section 5.6 of docs/06-technical-specification.md, lines 557 to 669.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           none on tables
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-22 20:55:57.322278
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # Who wants a space that is taken (docs/06-technical-specification.md:643)
    op.create_table(
        "waitlist_entries",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            "space_id",
            "user_id",
            "during",
            name=op.f("waitlist_entries_pkey"),
        ),
    )
    op.create_index(op.f("idx_waitlist_entries_user"), "waitlist_entries", ["user_id"])

    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON waitlist_entries TO app_rw")
    op.execute("GRANT SELECT ON waitlist_entries TO app_ro")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("waitlist_entries")
