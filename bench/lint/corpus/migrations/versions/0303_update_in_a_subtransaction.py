"""A savepoint does not let go of anything

Downgrade loses: what was written into it meanwhile

Revision ID: 5af34b911708
Revises: 1b5a4530ee65
Create Date: 2026-11-24 03:12:33.399457
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "5af34b911708"
down_revision: str | Sequence[str] | None = "1b5a4530ee65"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE refunds ADD COLUMN checked boolean")
    op.execute("SAVEPOINT before_rows")
    op.execute("UPDATE refunds SET checked = true WHERE state = 'done'")
    op.execute("RELEASE SAVEPOINT before_rows")


def downgrade() -> None:
    op.execute("ALTER TABLE refunds DROP COLUMN checked")
