"""Nicknames sort by code point

Revision ID: c68480a4db9a
Revises: cf9902465f7f
Create Date: 2026-04-12 05:14:30.752305
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c68480a4db9a"
down_revision: str | Sequence[str] | None = "cf9902465f7f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute('ALTER TABLE customers ALTER COLUMN nickname TYPE text COLLATE "C"')


def downgrade() -> None:
    raise NotImplementedError
