"""Display names of customers

Downgrade loses: what was written into it meanwhile

Revision ID: 82770750f894
Revises: 70b942a1fbba
Create Date: 2026-07-13 00:15:30.425420
"""

import sqlalchemy as sa
from alembic import op

revision = "82770750f894"
down_revision = "70b942a1fbba"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("display_name", sa.Text()))
    op.execute("UPDATE customers SET display_name = full_name WHERE full_name IS NOT NULL")


def downgrade() -> None:
    op.drop_column("customers", "display_name")
