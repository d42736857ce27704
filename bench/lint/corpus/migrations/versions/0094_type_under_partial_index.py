"""Phone numbers of any length

Revision ID: cf9902465f7f
Revises: 84948f268541
Create Date: 2026-04-11 04:13:34.744386
"""

import sqlalchemy as sa
from alembic import op

revision = "cf9902465f7f"
down_revision = "84948f268541"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # varchar to text is the same on disk, but the predicate of ix_customers_phone names the column.
    op.alter_column("customers", "phone", type_=sa.Text(), existing_type=sa.String(20))


def downgrade() -> None:
    raise NotImplementedError
