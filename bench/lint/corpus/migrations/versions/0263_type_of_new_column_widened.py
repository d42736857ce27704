"""More about tax numbers

Revision ID: 0ce407c1d0d8
Revises: c42cf912324f
Create Date: 2026-10-12 03:14:33.082697
"""

import sqlalchemy as sa
from alembic import op

revision = "0ce407c1d0d8"
down_revision = "c42cf912324f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("tenants", "tax_number", type_=sa.Text(), existing_type=sa.String(20))


def downgrade() -> None:
    raise NotImplementedError("numbers may be longer")
