"""Another column that waits for ever

Downgrade loses: what was written into it meanwhile

Revision ID: de2b7d13d941
Revises: 012469e45f00
Create Date: 2026-08-11 06:13:31.631314
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "de2b7d13d941"
down_revision: str | Sequence[str] | None = "012469e45f00"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("SET lock_timeout TO '0'; ALTER TABLE tenants ADD COLUMN logo_url text; RESET lock_timeout")


def downgrade():
    op.execute("ALTER TABLE tenants DROP COLUMN logo_url")
