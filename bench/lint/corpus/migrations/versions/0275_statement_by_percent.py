"""Fees cannot be negative

Downgrade loses: what was written into it meanwhile

Revision ID: 8b1f975c67ef
Revises: 80048f3452d1
Create Date: 2026-10-24 05:12:30.177725
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8b1f975c67ef"
down_revision: str | Sequence[str] | None = "80048f3452d1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECK = "ALTER TABLE %s ADD CONSTRAINT %s_%s_positive CHECK (%s >= 0)"


def upgrade() -> None:
    op.execute(CHECK % ("payments", "payments", "fee", "fee"))


def downgrade() -> None:
    op.execute("ALTER TABLE payments DROP CONSTRAINT payments_fee_positive")
