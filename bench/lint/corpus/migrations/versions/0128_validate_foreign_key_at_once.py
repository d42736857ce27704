"""Payments of refunds

Revision ID: d850f016ca23
Revises: 9a6b1e37303d
Create Date: 2026-05-17 08:12:33.013632
"""

import sqlalchemy as sa
from alembic import op

revision = "d850f016ca23"
down_revision = "9a6b1e37303d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_foreign_key("fk_refunds_payment", "refunds", "payments", ["payment_id"], ["id"], postgresql_not_valid=True)
    op.execute(sa.text("ALTER TABLE refunds VALIDATE CONSTRAINT fk_refunds_payment"))


def downgrade() -> None:
    op.drop_constraint("fk_refunds_payment", "refunds", type_="foreignkey")
