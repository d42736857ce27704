"""Search people by name

Revision ID: 6f9ed479b9e0
Revises: 1405df66cbe2
Create Date: 2026-01-03 02:12:32.015838
"""

import sqlalchemy as sa
from alembic import op

revision = "6f9ed479b9e0"
down_revision = "1405df66cbe2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().execute(sa.text("CREATE INDEX ix_people_name ON people (name)"))


def downgrade() -> None:
    op.get_bind().execute(sa.text("DROP INDEX ix_people_name"))
