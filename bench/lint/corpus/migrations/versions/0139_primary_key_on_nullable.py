"""Another key of bundles

Revision ID: 20092a9cf327
Revises: 2c2105bada12
Create Date: 2026-05-28 09:16:34.100741
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "20092a9cf327"
down_revision: str | Sequence[str] | None = "2c2105bada12"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE bundles ADD CONSTRAINT bundles_pkey PRIMARY KEY USING INDEX ux_bundles_rank")


def downgrade() -> None:
    raise NotImplementedError("the index belongs to the key now")
