"""Display names of customers

Downgrade loses: what was written into it meanwhile

Revision ID: 82770750f894
Revises: 77c266894caf
Create Date: 2026-07-12 09:14:34.417501
"""

import sqlalchemy as sa
from alembic import op

revision = "82770750f894"
down_revision = "77c266894caf"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("display_name", sa.Text()))
    op.execute("UPDATE customers SET display_name = full_name WHERE full_name IS NOT NULL")


def downgrade() -> None:
    op.drop_column("customers", "display_name")
