"""expand comment locations

Section 5.5 of docs/06-technical-specification.md, lines 406 to 542.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           SHARE UPDATE EXCLUSIVE on locations
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0048
Revises: 0047
Create Date: 2026-11-22 20:56:46.785804
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0048"
down_revision: str | Sequence[str] | None = "0047"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # docs/06-technical-specification.md:415
    op.execute(
        "COMMENT ON TABLE locations IS 'Buildings that Harbourdesk or one of its partners runs.'",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "COMMENT ON TABLE locations IS 'Buildings that Harbourdesk or a partner runs.'",
    )
