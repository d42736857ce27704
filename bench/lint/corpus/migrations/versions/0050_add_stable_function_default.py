"""Region of an order

Downgrade loses: what was written into it meanwhile

Revision ID: 27e36ec1fd2b
Revises: e10eedb22bf7
Create Date: 2026-02-23 00:11:30.395950
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "27e36ec1fd2b"
down_revision: str | Sequence[str] | None = "e10eedb22bf7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE orders ADD COLUMN entered_by text DEFAULT app_setting('user')")


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN entered_by")
