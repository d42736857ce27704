"""Every invoice has a number

Revision ID: a629dcec77db
Revises: e7a974c07a04
Create Date: 2026-04-21 04:16:34.823576
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a629dcec77db"
down_revision: str | Sequence[str] | None = "e7a974c07a04"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The check is there, but nobody has validated it.
    op.alter_column("invoices", "number", nullable=False)


def downgrade() -> None:
    op.alter_column("invoices", "number", nullable=True)
