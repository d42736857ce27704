"""Every customer starts at level one

Revision ID: a388524f3c3a
Revises: 80515079189f
Create Date: 2026-07-22 09:10:34.496691
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a388524f3c3a"
down_revision: str | Sequence[str] | None = "80515079189f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("UPDATE customers SET level = 1")


def downgrade() -> None:
    raise NotImplementedError("the old levels are gone")
