"""migrate notification_rate_limits.sent_count not null

Section 5.12 of docs/06-technical-specification.md, lines 1197 to 1276.

Phase:           migrate (class D): beside both releases
Locks:           ACCESS EXCLUSIVE on notification_rate_limits
Reads whole:     notification_rate_limits
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0035
Revises: 0034
Create Date: 2026-11-22 20:56:13.848185
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0035"
down_revision: str | Sequence[str] | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute(
            "ALTER TABLE notification_rate_limits DROP CONSTRAINT IF EXISTS vibe_not_null_vibe_new_sent_count",
        )
        op.execute(
            "ALTER TABLE notification_rate_limits ADD CONSTRAINT vibe_not_null_vibe_new_sent_count CHECK (vibe_new_sent_count IS NOT NULL) NOT VALID",
        )
        op.execute(
            "ALTER TABLE notification_rate_limits VALIDATE CONSTRAINT vibe_not_null_vibe_new_sent_count",
        )
        op.execute(
            "ALTER TABLE notification_rate_limits ALTER COLUMN vibe_new_sent_count SET NOT NULL",
        )
        op.execute(
            "ALTER TABLE notification_rate_limits DROP CONSTRAINT vibe_not_null_vibe_new_sent_count",
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute(
            "ALTER TABLE notification_rate_limits ALTER COLUMN vibe_new_sent_count DROP NOT NULL",
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")
