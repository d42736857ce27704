"""Every order has a channel

Downgrade loses: what was written into it meanwhile

Revision ID: bcf057859aeb
Revises: 7c8b2fb233ff
Create Date: 2026-04-17 00:12:30.791900
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "bcf057859aeb"
down_revision: str | Sequence[str] | None = "7c8b2fb233ff"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE orders ALTER channel SET NOT NULL")


def downgrade():
    op.execute("ALTER TABLE orders ALTER channel DROP NOT NULL")
