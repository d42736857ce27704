"""Labels of addresses are given by the application

Revision ID: bc523e8111b4
Revises: 12bc0a893991
Create Date: 2026-07-05 02:14:32.362068
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "bc523e8111b4"
down_revision: str | Sequence[str] | None = "12bc0a893991"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("addresses", "label", server_default=None)


def downgrade() -> None:
    op.alter_column("addresses", "label", server_default="main")
