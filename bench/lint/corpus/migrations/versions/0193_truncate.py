"""Begin with an empty list of carts

Revision ID: f283ea9bea0e
Revises: 15c7b0871316
Create Date: 2026-07-26 03:14:33.528367
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f283ea9bea0e"
down_revision: str | Sequence[str] | None = "15c7b0871316"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("TRUNCATE carts")


def downgrade() -> None:
    raise NotImplementedError("carts are gone")
