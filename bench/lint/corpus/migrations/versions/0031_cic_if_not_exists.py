"""Search refunds by payment

Revision ID: 058b91c96e9e
Revises: 933bcab5ad1d
Create Date: 2026-02-04 01:13:31.245489
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "058b91c96e9e"
down_revision: str | Sequence[str] | None = "933bcab5ad1d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_refunds_payment_id",
            "refunds",
            ["payment_id"],
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_refunds_payment_id", if_exists=True, postgresql_concurrently=True)
