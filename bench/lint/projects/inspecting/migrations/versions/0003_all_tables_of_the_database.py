"""Every table gets a comment

Revision ID: ddd7ca77be7d
Revises: 6adf110fe68e
Create Date: 2026-01-04 03:13:33.023757
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ddd7ca77be7d"
down_revision: str | Sequence[str] | None = "6adf110fe68e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    names = op.get_bind().execute(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
    for name in names:
        op.execute(f"COMMENT ON TABLE {name} IS 'looked at'")


def downgrade() -> None:
    raise NotImplementedError
