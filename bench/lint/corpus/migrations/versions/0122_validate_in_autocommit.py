"""Amounts of invoices

Downgrade loses: what was written into it meanwhile

Revision ID: a39fb6689a2c
Revises: 6c880cf9fc51
Create Date: 2026-05-11 02:13:32.966118
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a39fb6689a2c"
down_revision: str | Sequence[str] | None = "6c880cf9fc51"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE invoices ADD CONSTRAINT invoices_amount CHECK (amount >= 0) NOT VALID")
        op.execute("ALTER TABLE invoices VALIDATE CONSTRAINT invoices_amount")


def downgrade() -> None:
    op.execute("ALTER TABLE invoices DROP CONSTRAINT invoices_amount")
