"""Search metrics by host, on the parent

Revision ID: 866a65cfbbfa
Revises: cadf90e4e762
Create Date: 2026-02-10 07:12:32.293003
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "866a65cfbbfa"
down_revision: str | Sequence[str] | None = "cadf90e4e762"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_metrics_host ON ONLY metrics (host)")


def downgrade() -> None:
    raise NotImplementedError("the index of a partitioned table cannot be dropped beside everything else")
