"""Every return has a state and an order

Revision ID: 84948f268541
Revises: 9df2657a6a29
Create Date: 2026-04-10 03:12:33.736467
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "84948f268541"
down_revision: str | Sequence[str] | None = "9df2657a6a29"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(sa.text("ALTER TABLE returns VALIDATE CONSTRAINT returns_complete"))


def downgrade() -> None:
    raise NotImplementedError("a validated constraint stays")
