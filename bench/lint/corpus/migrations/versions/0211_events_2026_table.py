"""Events of 2026

Downgrade loses: what was written into it meanwhile

Revision ID: 2fe0c325661e
Revises: 420ce124d3e6
Create Date: 2026-08-16 01:11:31.670909
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "2fe0c325661e"
down_revision: str | Sequence[str] | None = "420ce124d3e6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE events_2026 (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")


def downgrade() -> None:
    op.execute("DROP TABLE events_2026")
