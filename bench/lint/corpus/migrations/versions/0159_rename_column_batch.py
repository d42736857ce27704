"""Notes of invoices

Revision ID: fb6e838410c3
Revises: 057f1cc55fe4
Create Date: 2026-06-20 09:15:34.259121
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "fb6e838410c3"
down_revision: str | Sequence[str] | None = "057f1cc55fe4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("invoices") as batch_op:
        batch_op.alter_column("customer_note", new_column_name="note")


def downgrade() -> None:
    raise NotImplementedError
