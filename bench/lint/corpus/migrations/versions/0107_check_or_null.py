"""The expiry of a cart, when it has a token

Downgrade loses: what was written into it meanwhile

Revision ID: f534ebb3dc70
Revises: 0b753a1e97ef
Create Date: 2026-04-24 07:12:32.847333
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f534ebb3dc70"
down_revision: str | Sequence[str] | None = "0b753a1e97ef"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE carts ADD CONSTRAINT carts_expiry CHECK (expires_at IS NOT NULL OR token IS NULL) NOT VALID")


def downgrade() -> None:
    op.execute("ALTER TABLE carts DROP CONSTRAINT carts_expiry")
