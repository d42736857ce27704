"""Every job has a queue

Downgrade loses: what was written into it meanwhile

Revision ID: e5ff9771c10b
Revises: dd1798c94dfd
Create Date: 2026-10-27 08:15:33.201482
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e5ff9771c10b"
down_revision: str | Sequence[str] | None = "dd1798c94dfd"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("queue", sa.Text()))
    op.execute("UPDATE jobs SET queue = 'default' WHERE queue IS NULL")
    op.alter_column("jobs", "queue", nullable=False)


def downgrade() -> None:
    op.drop_column("jobs", "queue")
