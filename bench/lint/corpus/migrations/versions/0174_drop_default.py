"""Labels of addresses are given by the application

Revision ID: bc523e8111b4
Revises: 46c6d45595b6
Create Date: 2026-07-07 04:16:34.377906
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "bc523e8111b4"
down_revision: str | Sequence[str] | None = "46c6d45595b6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("addresses", "label", server_default=None)


def downgrade() -> None:
    op.alter_column("addresses", "label", server_default="main")
