"""Priority of an order

Downgrade loses: what was written into it meanwhile

Revision ID: ef4ef2f22b59
Revises: 97d9517cb064
Create Date: 2026-02-18 05:13:30.356355
"""

import sqlalchemy as sa
from alembic import op

revision = "ef4ef2f22b59"
down_revision = "97d9517cb064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("express", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("orders", "express")
