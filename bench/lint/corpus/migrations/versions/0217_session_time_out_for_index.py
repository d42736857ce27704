"""Search payments by provider

Revision ID: 968d2ac38d13
Revises: 76e7e4f36fb8
Create Date: 2026-08-22 07:10:32.718423
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "968d2ac38d13"
down_revision: str | Sequence[str] | None = "76e7e4f36fb8"
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
