"""A table for a day

Downgrade loses: what was written into it meanwhile

Revision ID: 7eb278709d26
Revises: 708b439cb8e5
Create Date: 2026-11-22 01:10:31.383619
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "7eb278709d26"
down_revision: str | Sequence[str] | None = "708b439cb8e5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE UNLOGGED TABLE daily (id bigint)")
    op.execute("DROP TABLE daily")
    op.execute("CREATE TABLE daily (id bigint, day date)")
    op.execute("CREATE INDEX ix_daily_day ON daily (day)")


def downgrade() -> None:
    op.execute("DROP TABLE daily")
