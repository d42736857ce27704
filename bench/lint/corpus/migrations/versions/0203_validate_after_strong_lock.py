"""Another column, and the check on amounts of payments

Downgrade loses: what was written into it meanwhile

Revision ID: 25a6b708655f
Revises: 346782e708ab
Create Date: 2026-08-08 03:10:33.607557
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "25a6b708655f"
down_revision: str | Sequence[str] | None = "346782e708ab"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("settled", sa.Boolean()))
    op.execute("ALTER TABLE payments VALIDATE CONSTRAINT payments_amount_positive")


def downgrade() -> None:
    op.drop_column("payments", "settled")
