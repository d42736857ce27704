"""Errors of imports say where they were

Downgrade loses: what was written into it meanwhile

Revision ID: 4fd32da641a7
Revises: 0f7bd17a2195
Create Date: 2026-02-21 08:16:33.380112
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4fd32da641a7"
down_revision: str | Sequence[str] | None = "0f7bd17a2195"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("imports_errors") as batch_op:
        for name in ("column_no", "severity"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("imports_errors") as batch_op:
        batch_op.drop_column("severity")
        batch_op.drop_column("column_no")
