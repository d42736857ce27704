"""expand users: marketing_opt_in, pronouns

Section 5.3 of docs/06-technical-specification.md, lines 57 to 274.

Changes:         users.marketing_opt_in
                 users.pronouns
Phase:           expand (class E): before the new release; the running one goes on
Locks:           ACCESS EXCLUSIVE on users
Old release:     a prepared SELECT * fails once in each session
New release:     nothing
Downgrade loses: the values of users.marketing_opt_in
                 the values of users.pronouns

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-22 20:55:57.335428
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.add_column(
        "users",
        sa.Column(
            "marketing_opt_in",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
    )

    op.add_column("users", sa.Column("pronouns", sa.String(40)))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_column("users", "pronouns")
    op.drop_column("users", "marketing_opt_in")
