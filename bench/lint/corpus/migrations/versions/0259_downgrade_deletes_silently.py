"""A flag for everybody

Revision ID: 1399b64a32d1
Revises: d0530ae4da38
Create Date: 2026-10-08 09:10:34.051021
"""

from alembic import op

revision = "1399b64a32d1"
down_revision = "d0530ae4da38"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("INSERT INTO coupons (code, percent) VALUES ('WELCOME', 5)")


def downgrade() -> None:
    op.execute("DELETE FROM coupons WHERE code LIKE 'W%'")
