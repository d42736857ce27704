"""Legacy items

Revision ID: 9c911c87ea1b
Revises: 528ac43750ad
Create Date: 2026-06-23 02:11:32.282878
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9c911c87ea1b"
down_revision: str | Sequence[str] | None = "528ac43750ad"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute('ALTER TABLE "Legacy Items" RENAME TO legacy_items')


def downgrade() -> None:
    raise NotImplementedError
