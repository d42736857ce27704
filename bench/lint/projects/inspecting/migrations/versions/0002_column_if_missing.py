"""Lists have an owner, where they have none

Downgrade loses: what was written into it meanwhile

Revision ID: 6adf110fe68e
Revises: 1405df66cbe2
Create Date: 2026-01-03 02:12:32.015838
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "6adf110fe68e"
down_revision: str | Sequence[str] | None = "1405df66cbe2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    inspector = sa.inspect(op.get_bind())
    columns = {column["name"] for column in inspector.get_columns("lists")}
    if "owner" not in columns:
        op.add_column("lists", sa.Column("owner", sa.Text()))


def downgrade() -> None:
    op.drop_column("lists", "owner")
