"""One more tier

Revision ID: 46c6d45595b6
Revises: 12bc0a893991
Create Date: 2026-07-06 03:15:33.369987
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "46c6d45595b6"
down_revision: str | Sequence[str] | None = "12bc0a893991"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TYPE plan_tier ADD VALUE 'team'")
    op.execute("COMMENT ON TYPE plan_tier IS 'free, pro or team'")


def downgrade() -> None:
    raise NotImplementedError("PostgreSQL cannot take a value away")
