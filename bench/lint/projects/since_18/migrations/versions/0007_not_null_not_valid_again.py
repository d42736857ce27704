"""Every order has a currency, from now on

Downgrade loses: what was written into it meanwhile

Revision ID: a8a6e4101b53
Revises: 7a118d404515
Create Date: 2026-01-08 07:10:32.055433
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a8a6e4101b53"
down_revision: str | Sequence[str] | None = "7a118d404515"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_currency_present NOT NULL currency NOT VALID")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_currency_present")
