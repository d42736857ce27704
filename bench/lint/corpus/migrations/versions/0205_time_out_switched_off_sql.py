"""Another column that waits for ever

Downgrade loses: what was written into it meanwhile

Revision ID: de2b7d13d941
Revises: 346782e708ab
Create Date: 2026-08-10 05:12:30.623395
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "de2b7d13d941"
down_revision: str | Sequence[str] | None = "346782e708ab"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("SET lock_timeout TO '0'; ALTER TABLE tenants ADD COLUMN logo_url text; RESET lock_timeout")


def downgrade():
    op.execute("ALTER TABLE tenants DROP COLUMN logo_url")
