"""A wish list is a favourite list

Revision ID: 528ac43750ad
Revises: 1de1d5530e05
Create Date: 2026-06-22 01:10:31.274959
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "528ac43750ad"
down_revision: str | Sequence[str] | None = "1de1d5530e05"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.rename_table("wishlists", "favourites")


def downgrade() -> None:
    op.rename_table("favourites", "wishlists")
