"""When a supplier was entered

Downgrade loses: what was written into it meanwhile

Revision ID: 0f7bd17a2195
Revises: 6ed17180087a
Create Date: 2026-02-20 07:15:32.372193
"""

import sqlalchemy as sa
from alembic import op

revision = "0f7bd17a2195"
down_revision = "6ed17180087a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "suppliers",
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("suppliers", "entered_at")
