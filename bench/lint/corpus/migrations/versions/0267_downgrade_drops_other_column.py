"""Hotlines of carriers are checked

Revision ID: 94478d2c46dc
Revises: 4e8cfcd9bb2f
Create Date: 2026-10-16 07:11:32.114373
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "94478d2c46dc"
down_revision: str | Sequence[str] | None = "4e8cfcd9bb2f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE carriers ADD CONSTRAINT hotline_digits CHECK (hotline ~ '^[0-9 ]+$') NOT VALID")


def downgrade() -> None:
    op.execute("ALTER TABLE carriers DROP CONSTRAINT hotline_digits")
    op.drop_column("carriers", "api_url")
