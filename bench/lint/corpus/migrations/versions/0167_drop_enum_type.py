"""A type that nobody uses, they say

Revision ID: 2c4a3abfb43c
Revises: ee3d83d68c1d
Create Date: 2026-06-28 07:16:32.322473
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "2c4a3abfb43c"
down_revision: str | Sequence[str] | None = "ee3d83d68c1d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("DROP TYPE unused_kind")


def downgrade() -> None:
    op.execute("CREATE TYPE unused_kind AS ENUM ('a', 'b')")
