"""Every customer starts at level one

Revision ID: a388524f3c3a
Revises: 573cec7a02df
Create Date: 2026-07-23 00:11:30.504610
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a388524f3c3a"
down_revision: str | Sequence[str] | None = "573cec7a02df"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("UPDATE customers SET level = 1")


def downgrade() -> None:
    raise NotImplementedError("the old levels are gone")
