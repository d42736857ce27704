"""The street of an address

Revision ID: 325ef15f6068
Revises: 69b1bdfce7f0
Create Date: 2026-06-17 06:12:31.235364
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "325ef15f6068"
down_revision: str | Sequence[str] | None = "69b1bdfce7f0"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("addresses", "street", new_column_name="street_line")


def downgrade() -> None:
    op.alter_column("addresses", "street_line", new_column_name="street")
