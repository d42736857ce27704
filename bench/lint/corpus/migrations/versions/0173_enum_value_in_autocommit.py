"""Middle priority

Revision ID: 8217b77315fc
Revises: bc523e8111b4
Create Date: 2026-07-06 03:15:33.369987
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8217b77315fc"
down_revision: str | Sequence[str] | None = "bc523e8111b4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE priority ADD VALUE IF NOT EXISTS 'middle' BEFORE 'high'")


def downgrade() -> None:
    raise NotImplementedError("PostgreSQL cannot take a value away")
