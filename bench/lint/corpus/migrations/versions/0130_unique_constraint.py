"""One account for an IBAN and a tenant

Revision ID: 6e6084e8af41
Revises: 3da9f0388947
Create Date: 2026-05-19 00:14:30.029470
"""

from alembic import op

revision = "6e6084e8af41"
down_revision = "3da9f0388947"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint("uq_accounts_iban", "accounts", ["tenant_id", "iban"], schema="billing")


def downgrade() -> None:
    op.drop_constraint("uq_accounts_iban", "accounts", schema="billing")
