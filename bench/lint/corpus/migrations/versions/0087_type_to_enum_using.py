"""Methods of payment are few

Revision ID: cbb58f29396d
Revises: 00f95b43c276
Create Date: 2026-04-04 07:13:32.688953
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "cbb58f29396d"
down_revision: str | Sequence[str] | None = "00f95b43c276"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TYPE payment_method AS ENUM ('card', 'cash', 'transfer')")
    op.execute(
        """
        ALTER TABLE payments
            ALTER COLUMN method TYPE payment_method USING method::payment_method
        """
    )


def downgrade() -> None:
    raise NotImplementedError
