"""Search invoices by amount

Revision ID: a7d01df81b18
Revises: fee52dcf1703
Create Date: 2026-10-20 01:15:31.146049
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a7d01df81b18"
down_revision: str | Sequence[str] | None = "fee52dcf1703"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE INDEX ON invoices (amount)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY invoices_amount_idx")
