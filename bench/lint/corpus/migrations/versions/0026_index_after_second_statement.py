"""Search the audit log

Revision ID: c1a30ea0220b
Revises: 3c0c149499df
Create Date: 2026-01-27 06:15:31.205894
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c1a30ea0220b"
down_revision: str | Sequence[str] | None = "3c0c149499df"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "COMMENT ON TABLE audit_log IS 'who did what; never changed'",
    )
    op.execute(
        dedent(
            """
            COMMENT ON COLUMN audit_log.actor IS 'a user or a service';
            CREATE INDEX ix_audit_log_actor ON audit_log (actor, at DESC);
            """
        )
    )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_audit_log_actor")
