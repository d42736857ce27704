"""Every order has a currency, so far as well

Revision ID: 4b16d0fd6f02
Revises: 79943223b708
Create Date: 2026-04-01 04:10:34.665196
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4b16d0fd6f02"
down_revision: str | Sequence[str] | None = "79943223b708"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_currency_present")


def downgrade() -> None:
    raise NotImplementedError("a validated constraint stays")
