"""Orders: new number

Downgrade loses: what was written into it meanwhile

Revision ID: 6db0869a2c19
Revises: 8e4e8992ffb3
Create Date: 2026-06-10 09:12:34.179931
"""

from alembic import op

revision = "6db0869a2c19"
down_revision = "8e4e8992ffb3"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ADD COLUMN customer_po text, DROP COLUMN po_number CASCADE")


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN customer_po, ADD COLUMN po_number varchar(30)")
