"""Nobody reads the old reports

Revision ID: a2baaaa9cb56
Revises: 218f71e67fc4
Create Date: 2026-06-12 01:14:31.195769
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a2baaaa9cb56"
down_revision: str | Sequence[str] | None = "218f71e67fc4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_table("old_reports")


def downgrade() -> None:
    op.create_table(
        "old_reports", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("body", sa.Text())
    )
