"""Events of 2026

Downgrade loses: what was written into it meanwhile

Revision ID: 2fe0c325661e
Revises: e4eede66df5d
Create Date: 2026-08-15 00:10:30.662990
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "2fe0c325661e"
down_revision: str | Sequence[str] | None = "e4eede66df5d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE events_2026 (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")


def downgrade() -> None:
    op.execute("DROP TABLE events_2026")
