"""Short code of a warehouse

Downgrade loses: what was written into it meanwhile

Revision ID: 07430d4fa1c6
Revises: 4a8b3b6a6613
Create Date: 2026-03-02 07:11:32.451383
"""

from alembic import op

revision = "07430d4fa1c6"
down_revision = "4a8b3b6a6613"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE warehouses ADD COLUMN code short_code")


def downgrade():
    op.execute("ALTER TABLE warehouses DROP COLUMN code")
