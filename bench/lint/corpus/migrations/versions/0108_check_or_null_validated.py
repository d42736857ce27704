"""Hold the expiry of carts against all rows

Revision ID: 55836dbb1a75
Revises: f534ebb3dc70
Create Date: 2026-04-25 08:13:33.855252
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "55836dbb1a75"
down_revision: str | Sequence[str] | None = "f534ebb3dc70"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE carts VALIDATE CONSTRAINT carts_expiry")


def downgrade() -> None:
    raise NotImplementedError("a validated constraint stays")
