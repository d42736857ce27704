"""Search payments by provider

Revision ID: 968d2ac38d13
Revises: 3e681d61da6c
Create Date: 2026-08-19 04:14:34.694666
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "968d2ac38d13"
down_revision: str | Sequence[str] | None = "3e681d61da6c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.create_index("ix_payments_provider_ref", "payments", ["provider_ref"], postgresql_concurrently=True)
        op.execute("RESET lock_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_payments_provider_ref", "payments", postgresql_concurrently=True)
