"""Begin with an empty list of carts

Revision ID: f283ea9bea0e
Revises: bab257b3310e
Create Date: 2026-07-28 05:16:30.544205
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f283ea9bea0e"
down_revision: str | Sequence[str] | None = "bab257b3310e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("TRUNCATE carts")


def downgrade() -> None:
    raise NotImplementedError("carts are gone")
