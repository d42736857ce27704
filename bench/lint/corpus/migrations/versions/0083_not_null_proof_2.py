"""Every order has a currency, so far as well

Revision ID: 4b16d0fd6f02
Revises: 309d7ed22017
Create Date: 2026-03-28 03:16:33.657277
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4b16d0fd6f02"
down_revision: str | Sequence[str] | None = "309d7ed22017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_currency_present")


def downgrade() -> None:
    raise NotImplementedError("a validated constraint stays")
