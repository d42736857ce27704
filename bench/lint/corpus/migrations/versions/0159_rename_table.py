"""A wish list is a favourite list

Revision ID: 528ac43750ad
Revises: fb6e838410c3
Create Date: 2026-06-20 09:15:34.259121
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "528ac43750ad"
down_revision: str | Sequence[str] | None = "fb6e838410c3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.rename_table("wishlists", "favourites")


def downgrade() -> None:
    op.rename_table("favourites", "wishlists")
