"""Middle priority

Revision ID: 8217b77315fc
Revises: e8b747c9409a
Create Date: 2026-07-04 01:13:31.354149
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8217b77315fc"
down_revision: str | Sequence[str] | None = "e8b747c9409a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE priority ADD VALUE IF NOT EXISTS 'middle' BEFORE 'high'")


def downgrade() -> None:
    raise NotImplementedError("PostgreSQL cannot take a value away")
