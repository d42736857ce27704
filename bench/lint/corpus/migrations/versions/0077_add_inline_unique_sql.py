"""Public names of webhooks

Downgrade loses: what was written into it meanwhile

Revision ID: 42f8d62b1108
Revises: 103e1ddd89da
Create Date: 2026-03-22 07:10:32.609763
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "42f8d62b1108"
down_revision: str | Sequence[str] | None = "103e1ddd89da"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE webhooks ADD COLUMN name text UNIQUE")


def downgrade():
    op.execute("ALTER TABLE webhooks DROP COLUMN name")
