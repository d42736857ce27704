"""Every cart expires

Revision ID: d987cc5d03ea
Revises: 25b5e69e5030
Create Date: 2026-04-27 00:15:30.871090
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d987cc5d03ea"
down_revision: str | Sequence[str] | None = "25b5e69e5030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("carts", "expires_at", nullable=False)


def downgrade() -> None:
    op.alter_column("carts", "expires_at", nullable=True)
