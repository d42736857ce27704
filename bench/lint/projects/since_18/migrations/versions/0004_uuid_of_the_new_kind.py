"""Public ids, in the order of time

Downgrade loses: what was written into it meanwhile

Revision ID: e9c1efef3032
Revises: 6fc97544b8c3
Create Date: 2026-01-05 04:14:34.031676
"""

import sqlalchemy as sa
from alembic import op

revision = "e9c1efef3032"
down_revision = "6fc97544b8c3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("public_id", sa.Uuid(), server_default=sa.text("uuidv7()")))


def downgrade() -> None:
    op.drop_column("orders", "public_id")
