"""States of devices

Downgrade loses: what was written into it meanwhile

Revision ID: dd1f0db3955c
Revises: 80515079189f
Create Date: 2026-07-20 07:15:32.480853
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "dd1f0db3955c"
down_revision: str | Sequence[str] | None = "80515079189f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SQL = """
ALTER TABLE devices ADD COLUMN state text;
UPDATE devices SET state = 'ok' WHERE push_token IS NOT NULL;
"""


def upgrade():
    op.execute(SQL)


def downgrade():
    op.execute("ALTER TABLE devices DROP COLUMN state")
