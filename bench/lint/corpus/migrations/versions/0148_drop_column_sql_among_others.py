"""Orders: new number

Downgrade loses: what was written into it meanwhile

Revision ID: 6db0869a2c19
Revises: 47a3104968c1
Create Date: 2026-06-09 08:11:33.172012
"""

from alembic import op

revision = "6db0869a2c19"
down_revision = "47a3104968c1"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ADD COLUMN customer_po text, DROP COLUMN po_number CASCADE")


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN customer_po, ADD COLUMN po_number varchar(30)")
