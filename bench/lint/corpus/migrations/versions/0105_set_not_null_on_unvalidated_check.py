"""Every invoice has a number

Revision ID: a629dcec77db
Revises: 68193107e9a7
Create Date: 2026-04-22 05:10:30.831495
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a629dcec77db"
down_revision: str | Sequence[str] | None = "68193107e9a7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The check is there, but nobody has validated it.
    op.alter_column("invoices", "number", nullable=False)


def downgrade() -> None:
    op.alter_column("invoices", "number", nullable=True)
