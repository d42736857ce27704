"""What is printed on an empty invoice

Downgrade loses: what was written into it meanwhile

Revision ID: 1de1d5530e05
Revises: fb6e838410c3
Create Date: 2026-06-21 00:16:30.267040
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "1de1d5530e05"
down_revision: str | Sequence[str] | None = "fb6e838410c3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "invoices", sa.Column("footer", sa.Text(), server_default="gen_random_uuid(); DROP TABLE x", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("invoices", "footer")
