"""New orders come from the shop

Revision ID: b4430b11682a
Revises: 25a6b708655f
Create Date: 2026-08-09 04:11:34.615476
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b4430b11682a"
down_revision: str | Sequence[str] | None = "25a6b708655f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("orders", "channel", server_default="shop")


def downgrade() -> None:
    op.alter_column("orders", "channel", server_default="web")
