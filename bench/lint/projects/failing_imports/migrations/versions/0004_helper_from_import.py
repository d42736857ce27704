"""Who knows what this does

Revision ID: ad673d76c5a9
Revises: 22dd95bd42c7
Create Date: 2026-01-05 04:14:34.031676
"""

from collections.abc import Sequence

from shop_of_another_time.migrations import move_everything

# revision identifiers, used by Alembic.
revision: str = "ad673d76c5a9"
down_revision: str | Sequence[str] | None = "22dd95bd42c7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    move_everything(op)


def downgrade() -> None:
    raise NotImplementedError
