"""The street of an address

Revision ID: 325ef15f6068
Revises: b30b7d368e27
Create Date: 2026-06-16 05:11:30.227445
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "325ef15f6068"
down_revision: str | Sequence[str] | None = "b30b7d368e27"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("addresses", "street", new_column_name="street_line")


def downgrade() -> None:
    op.alter_column("addresses", "street_line", new_column_name="street")
