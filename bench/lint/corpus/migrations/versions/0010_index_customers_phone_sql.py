"""Index customers by phone

Revision ID: b5fa8bd06549
Revises: 4c5feb0937ea
Create Date: 2026-01-11 00:13:30.079190
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b5fa8bd06549"
down_revision: str | Sequence[str] | None = "4c5feb0937ea"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute(
        "CREATE UNIQUE INDEX ix_customers_phone "
        "ON customers (phone) "
        "WHERE phone IS NOT NULL"
    )


def downgrade():
    op.execute("DROP INDEX ix_customers_phone")
