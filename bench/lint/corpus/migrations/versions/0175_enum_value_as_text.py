"""One more tier

Revision ID: 46c6d45595b6
Revises: bc9797d8088c
Create Date: 2026-07-08 05:10:30.385825
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "46c6d45595b6"
down_revision: str | Sequence[str] | None = "bc9797d8088c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TYPE plan_tier ADD VALUE 'team'")
    op.execute("COMMENT ON TYPE plan_tier IS 'free, pro or team'")


def downgrade() -> None:
    raise NotImplementedError("PostgreSQL cannot take a value away")
