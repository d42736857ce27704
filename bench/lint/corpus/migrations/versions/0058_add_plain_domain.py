"""Short code of a warehouse

Downgrade loses: what was written into it meanwhile

Revision ID: 07430d4fa1c6
Revises: ce1066216c94
Create Date: 2026-03-03 08:12:33.459302
"""

from alembic import op

revision = "07430d4fa1c6"
down_revision = "ce1066216c94"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE warehouses ADD COLUMN code short_code")


def downgrade():
    op.execute("ALTER TABLE warehouses DROP COLUMN code")
