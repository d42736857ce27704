"""Count what there is

Revision ID: 573cec7a02df
Revises: 1affbc36c807
Create Date: 2026-07-22 09:10:34.496691
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "573cec7a02df"
down_revision: str | Sequence[str] | None = "1affbc36c807"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TEMPORARY TABLE counted (name text, rows bigint) ON COMMIT DROP")
    op.execute("INSERT INTO counted SELECT 'tenants', count(*) FROM tenants")
    op.execute("CREATE INDEX ON counted (name)")
    op.execute("DELETE FROM counted")


def downgrade() -> None:
    raise NotImplementedError("nothing to undo")
