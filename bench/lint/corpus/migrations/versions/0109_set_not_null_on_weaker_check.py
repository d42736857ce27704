"""Every cart expires

Revision ID: d987cc5d03ea
Revises: 0b753a1e97ef
Create Date: 2026-04-26 09:14:34.863171
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d987cc5d03ea"
down_revision: str | Sequence[str] | None = "0b753a1e97ef"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("carts", "expires_at", nullable=False)


def downgrade() -> None:
    op.alter_column("carts", "expires_at", nullable=True)
