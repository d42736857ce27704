"""Positions of notifications

Downgrade loses: what was written into it meanwhile

Revision ID: c825f8a84cec
Revises: ce1066216c94
Create Date: 2026-03-04 09:13:34.467221
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c825f8a84cec"
down_revision: str | Sequence[str] | None = "ce1066216c94"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE notifications ADD position bigserial")


def downgrade() -> None:
    op.execute("ALTER TABLE notifications DROP position")
