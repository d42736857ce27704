"""Search payments by method

Revision ID: 58060bc73d9f
Revises: 177eb809e84b
Create Date: 2026-01-19 08:14:33.142542
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "58060bc73d9f"
down_revision: str | Sequence[str] | None = "177eb809e84b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("payments") as batch:
        batch.create_index("ix_payments_method", ["method"])


def downgrade() -> None:
    with op.batch_alter_table("payments") as batch:
        batch.drop_index("ix_payments_method")
