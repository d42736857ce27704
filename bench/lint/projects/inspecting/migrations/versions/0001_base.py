"""Lists

Downgrade loses: what was written into it meanwhile

Revision ID: 1405df66cbe2
Revises:
Create Date: 2026-01-02 01:11:31.007919
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "1405df66cbe2"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE lists (id bigint PRIMARY KEY, title text)")


def downgrade() -> None:
    op.execute("DROP TABLE lists")
