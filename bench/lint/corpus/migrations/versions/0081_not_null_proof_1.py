"""Every order has a currency, from now on

Downgrade loses: what was written into it meanwhile

Revision ID: dae8c5ab14e5
Revises: 7552c9296a2a
Create Date: 2026-03-26 01:14:31.641439
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "dae8c5ab14e5"
down_revision: str | Sequence[str] | None = "7552c9296a2a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_currency_present CHECK (currency IS NOT NULL) NOT VALID")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_currency_present")
