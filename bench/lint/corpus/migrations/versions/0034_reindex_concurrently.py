"""The index on customers' mails is bloated

Revision ID: be98ba9ff3b8
Revises: caa22e51a217
Create Date: 2026-02-07 04:16:34.269246
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "be98ba9ff3b8"
down_revision: str | Sequence[str] | None = "caa22e51a217"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("REINDEX INDEX CONCURRENTLY ix_customers_email")


def downgrade() -> None:
    raise RuntimeError("nothing to undo")
