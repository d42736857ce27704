"""Nobody sends faxes

Revision ID: 80a86aa92f31
Revises: 1c2a122fa449
Create Date: 2026-06-05 04:14:34.140336
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "80a86aa92f31"
down_revision: str | Sequence[str] | None = "1c2a122fa449"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_column("suppliers", "fax")


def downgrade() -> None:
    op.add_column("suppliers", sa.Column("fax", sa.Text()))
