"""Old events are kept elsewhere

Revision ID: 76e7e4f36fb8
Revises: e286d23dbc74
Create Date: 2026-08-21 06:16:31.710504
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "76e7e4f36fb8"
down_revision: str | Sequence[str] | None = "e286d23dbc74"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for year in range(2024, 2025):
        op.execute(f"ALTER TABLE events DETACH PARTITION events_{year}")


def downgrade() -> None:
    raise NotImplementedError
