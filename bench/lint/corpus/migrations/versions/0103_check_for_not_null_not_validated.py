"""Every invoice has a number, from now on

Revision ID: e7a974c07a04
Revises: 8994a13caa84
Create Date: 2026-04-20 03:15:33.815657
"""

from alembic import op

revision = "e7a974c07a04"
down_revision = "8994a13caa84"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint("invoices_number_present", "invoices", "number IS NOT NULL", postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_constraint("invoices_number_present", "invoices", type_="check")
