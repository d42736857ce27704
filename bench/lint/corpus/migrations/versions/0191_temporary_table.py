"""Count what there is

Revision ID: 573cec7a02df
Revises: ae3f56395d09
Create Date: 2026-07-24 01:12:31.512529
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "573cec7a02df"
down_revision: str | Sequence[str] | None = "ae3f56395d09"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TEMPORARY TABLE counted (name text, rows bigint) ON COMMIT DROP")
    op.execute("INSERT INTO counted SELECT 'tenants', count(*) FROM tenants")
    op.execute("CREATE INDEX ON counted (name)")
    op.execute("DELETE FROM counted")


def downgrade() -> None:
    raise NotImplementedError("nothing to undo")
